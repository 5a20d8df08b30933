"""The tour's webhook receiver: believes only what is signed, and knows a repetition from a new event."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from standardwebhooks import Webhook

from services.demo.tour.signature_check import fault_of
from services.demo.tour.webhook_receiver import Hook, WebhookReceiver

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def signed(body: bytes, webhook_id: str = "msg_1", at: datetime = NOW) -> dict[str, str]:
    """Sign as an implementation that is not ours does."""
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(SECRET).sign(webhook_id, at, body.decode()),
    }


def notification(kind: str, *events: tuple[int, str]) -> bytes:
    parameters: list[dict[str, Any]] = [{"name": "type", "valueCode": kind}]
    for number, focus in events:
        part = [
            {"name": "event-number", "valueString": str(number)},
            {"name": "focus", "valueReference": {"reference": f"http://127.0.0.1:8000/fhir/{focus}"}},
        ]
        parameters.append({"name": "notification-event", "part": part})
    status = {"resourceType": "Parameters", "parameter": parameters}
    return json.dumps({"resourceType": "Bundle", "type": "history", "entry": [{"resource": status}]}).encode()


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    with WebhookReceiver(NOW.timestamp) as serving:
        yield serving


@pytest.fixture
def hook(receiver: WebhookReceiver) -> Hook:
    opened = receiver.open_hook()
    opened.secret = SECRET
    return opened


def post(receiver: WebhookReceiver, hook: Hook, body: bytes, headers: dict[str, str]) -> int:
    return httpx2.post(receiver.url(hook), content=body, headers=headers, trust_env=False).status_code


def test_what_another_implementation_signs_is_believed() -> None:
    assert fault_of(SECRET, signed(b"{}"), b"{}", NOW.timestamp()) is None


@pytest.mark.parametrize(
    ("change", "body", "later"),
    [
        ({"webhook-id": "msg_2"}, b"{}", 0),
        ({"webhook-signature": "v1,AAAA"}, b"{}", 0),
        ({"webhook-signature": ""}, b"{}", 0),
        ({"webhook-timestamp": "yesterday"}, b"{}", 0),
        ({}, b"{ }", 0),
        ({}, b"{}", 301),
        ({}, b"{}", -301),
    ],
)
def test_what_was_altered_is_old_or_is_not_signed_is_not(
    change: dict[str, str], body: bytes, later: int
) -> None:
    headers = signed(b"{}") | change

    assert fault_of(SECRET, headers, body, NOW.timestamp() + later)


def test_one_signature_of_several_is_enough_while_a_secret_is_being_replaced() -> None:
    headers = signed(b"{}")
    headers["webhook-signature"] = f"v1,AAAA {headers['webhook-signature']} v1a,xyz"

    assert fault_of(SECRET, headers, b"{}", NOW.timestamp()) is None


def test_handshake_and_events_are_collected_over_http(receiver: WebhookReceiver, hook: Hook) -> None:
    handshake = notification("handshake")
    events = notification("event-notification", (1, "CarePlan/a"), (2, "Task/b"))

    assert post(receiver, hook, handshake, signed(handshake)) == 200
    assert post(receiver, hook, events, signed(events, "msg_2")) == 200
    assert receiver.wait(lambda: "Task/b" in hook.focuses(), seconds=1)
    assert (hook.handshakes, hook.focuses(), hook.gaps()) == (1, {"CarePlan/a", "Task/b"}, [])


def test_a_repetition_counts_once_and_a_gap_is_seen(receiver: WebhookReceiver, hook: Hook) -> None:
    body = notification("event-notification", (3, "CarePlan/a"))

    assert [post(receiver, hook, body, signed(body)) for _ in range(2)] == [200, 200]
    assert (len(hook.told), hook.repeats, hook.gaps()) == (1, 1, [1, 2])


def test_the_same_number_for_another_message_is_a_fault(receiver: WebhookReceiver, hook: Hook) -> None:
    first = notification("event-notification", (1, "CarePlan/a"))
    other = notification("event-notification", (1, "CarePlan/b"))

    assert post(receiver, hook, first, signed(first)) == 200
    assert post(receiver, hook, other, signed(other)) == 400
    assert hook.faults == ["event 1 came twice, as different messages"]


def test_what_nobody_signed_is_refused_and_remembered(receiver: WebhookReceiver, hook: Hook) -> None:
    assert post(receiver, hook, notification("handshake"), {}) == 400
    assert hook.handshakes == 0
    assert hook.faults


def test_signed_nonsense_is_refused(receiver: WebhookReceiver, hook: Hook) -> None:
    for body in (b"[]", b"{", b'{"entry":[]}', b"{}"):
        assert post(receiver, hook, body, signed(body)) == 400


def test_an_address_that_was_closed_says_so_for_good(receiver: WebhookReceiver, hook: Hook) -> None:
    receiver.close_hook(hook)

    assert post(receiver, hook, b"{}", signed(b"{}")) == 410


def test_before_the_secret_is_known_a_message_is_asked_to_come_again(receiver: WebhookReceiver) -> None:
    assert post(receiver, receiver.open_hook(), b"{}", signed(b"{}")) == 503
