"""A signing secret is changed while the receiver goes on taking what it can verify with either."""

from collections.abc import Callable

import pytest
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from tests.loopback import LoopbackServer
from tests.notify.asking import Client, event, eventually, secret_of
from tests.notify.sink import Sink


def test_for_a_while_both_the_old_and_the_new_secret_verify(
    client: Client, client_of: Callable[..., Client], worker: LoopbackServer, sink: Sink
) -> None:
    made = client.subscribe(f"{sink.url}/hook")
    path = f"/fhir/Subscription/{made['id']}/$rotate-secret"
    assert client_of(client_id="other")("POST", path).status_code == 404
    assert client("POST", f"{path}?overlapHours=1000").status_code == 400

    told = {one["name"]: one for one in client("POST", path).json()["parameter"]}
    new = told["secret"]["valueString"]
    assert "previousUntil" in told
    client.post_event(event())
    [first] = eventually(sink.events)
    for secret in (secret_of(made), new):
        assert Webhook(secret).verify(first.raw, first.headers)
    assert new not in str(client.read(made["id"]))

    last = client("POST", f"{path}?overlapHours=0").json()["parameter"][0]["valueString"]
    client.post_event(event(seq=2))
    *_, second = eventually(lambda: len(sink.events()) == 2 and sink.events())
    assert Webhook(last).verify(second.raw, second.headers)
    for secret in (secret_of(made), new):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(second.raw, second.headers)
