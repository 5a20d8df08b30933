"""Signatures: read by a verifier written from the specification by others."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from services.notify.domain.webhook_signature import Secret, new_secret, signature_headers, still_signing


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the verifier reads the clock itself


@given(st.binary(max_size=200).map(lambda raw: b'{"x":"' + raw.hex().encode() + b'"}'))
def test_an_independent_verifier_accepts_what_we_sign(body: bytes) -> None:
    secret = new_secret()

    assert Webhook(secret.spoken()).verify(body, signature_headers("msg_1", now(), body, [secret]))


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp"])
def test_nothing_that_is_signed_can_be_changed(name: str) -> None:
    secret = new_secret()
    headers = signature_headers("msg_1", now(), b"{}", [secret])
    headers[name] += "1" if name == "webhook-id" else ""
    if name == "webhook-timestamp":
        headers[name] = str(int(headers[name]) + 1)

    with pytest.raises(WebhookVerificationError):
        Webhook(secret.spoken()).verify(b"{}", headers)


def test_another_body_does_not_pass() -> None:
    secret = new_secret()

    with pytest.raises(WebhookVerificationError):
        Webhook(secret.spoken()).verify(b"[]", signature_headers("msg_1", now(), b"{}", [secret]))


def test_while_a_secret_is_being_replaced_both_the_old_and_the_new_one_pass() -> None:
    old, new = Secret(b"o" * 32, until=now() + timedelta(hours=1)), new_secret()
    headers = signature_headers("msg_1", now(), b"{}", still_signing([new, old], now()))

    assert Webhook(old.spoken()).verify(b"{}", headers) == {}
    assert Webhook(new.spoken()).verify(b"{}", headers) == {}


def test_a_replaced_secret_stops_signing_when_its_time_is_over() -> None:
    old, new = Secret(b"o" * 32, until=now()), new_secret()

    assert still_signing([new, old], now()) == (new,)


def test_secrets_are_long_and_never_the_same() -> None:
    made = {new_secret().key for _ in range(100)}

    assert len(made) == 100
    assert all(len(key) == 32 for key in made)
