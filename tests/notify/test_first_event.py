"""One event from end to end: taken, asked about, signed, delivered, found in the inbox."""

from standardwebhooks import Webhook

from tests.loopback import LoopbackServer
from tests.notify.asking import TOPIC, UNIT, Client, event, eventually, secret_of
from tests.notify.record_stand_in import RecordStandIn
from tests.notify.sink import Sink


def test_an_event_reaches_the_subscriber_and_the_inbox(
    client: Client, worker: LoopbackServer, sink: Sink, record: RecordStandIn
) -> None:
    made = client.subscribe(f"{sink.url}/hook", channel={"header": ["X-Key: hush"]})
    told = event("plan.activated", focus="CarePlan/abc", version=3)

    assert client.post_event(told).status_code == 202

    [received] = eventually(sink.events)
    assert received.headers["content-type"] == "application/fhir+json"
    assert received.headers["x-key"] == "hush"
    assert Webhook(secret_of(made)).verify(received.raw, received.headers)
    assert received.focus == "https://samplan.test/fhir/CarePlan/abc"
    assert received.number == 1
    [entry] = eventually(lambda: client.inbox()["entries"])
    assert (entry["type"], entry["focus"], entry["read"]) == ("plan.activated", "CarePlan/abc", False)
    question = {"unit": UNIT, "focus": "CarePlan/abc", "topic": TOPIC, "payload": "id-only"}
    assert record.asked == [question, question]
