"""Attempts: repeated in order under the same id, until taken, given up, or told never again."""

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pymongo import MongoClient
from standardwebhooks import Webhook
from starlette.responses import Response

from services.notify.settings import NotifySettings
from tests.loopback import LoopbackServer
from tests.notify.asking import Client, event, eventually, secret_of
from tests.notify.domain.made import NOW
from tests.notify.record_stand_in import RecordStandIn
from tests.notify.sink import Answer, Received, Sink


def failing(times: int, status: int = 500, **headers: str) -> Answer:
    """Answer with a failure to the first attempts at each event, then take it."""
    seen: dict[str, int] = defaultdict(int)

    async def answer(received: Received) -> Response:
        if received.kind != "event-notification":
            return Response(status_code=204)
        seen[received.headers["webhook-id"]] += 1
        taken = seen[received.headers["webhook-id"]] > times
        return Response(status_code=204 if taken else status, headers={} if taken else headers)

    return answer


def test_what_was_not_taken_is_sent_again_the_same_but_for_its_time(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    made = client.subscribe(f"{sink.url}/hook")
    sink.answer = failing(2)
    client.post_event(event())

    first, _, last = eventually(lambda: (events := sink.events()) and len(events) == 3 and events)
    assert first.headers["webhook-id"] == last.headers["webhook-id"]
    assert first.number == last.number == 1
    assert Webhook(secret_of(made)).verify(last.raw, last.headers)
    assert first.bundle | {"timestamp": 0} == last.bundle | {"timestamp": 0}
    [shown] = eventually(lambda: client.deliveries(state="delivered"))
    assert [attempt["result"] for attempt in shown["attempts"]] == ["refused", "refused", "ok"]
    assert [attempt["status"] for attempt in shown["attempts"]] == [500, 500, 204]
    assert f"msg_{shown['id']}" == shown["webhook_id"] == first.headers["webhook-id"]


def test_later_events_of_a_person_wait_for_the_earlier_and_nobody_else_does(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    client.subscribe(f"{sink.url}/hook")

    async def answer(received: Received) -> Response:
        first = "slow-1" in received.raw.decode() and len(sink.events()) < 8
        return Response(status_code=503 if first else 204)

    sink.answer = answer
    told = [event(focus=f"CarePlan/slow-{n}", person="Patient/slow", seq=n) for n in (1, 2, 3)]
    others = [event(focus=f"CarePlan/other-{n}", person=f"Patient/o{n}", seq=n) for n in range(5)]
    client.post_events([*told, *others])

    def done() -> bool:
        return len(client.deliveries(state="delivered", limit=100)) == 8

    eventually(done, seconds=20)
    order = [received.focus.rpartition("/")[2] for received in sink.events()]
    assert [one for one in dict.fromkeys(order) if "slow" in one] == ["slow-1", "slow-2", "slow-3"]
    assert order.index("slow-2") > len(order) - 3
    assert len(order) > 8


def test_retry_after_is_honoured(client: Client, worker: LoopbackServer, sink: Sink) -> None:
    client.subscribe(f"{sink.url}/hook")
    sink.answer = failing(1, 429, **{"Retry-After": "2"})
    client.post_event(event())

    first, second = eventually(lambda: (events := sink.events()) and len(events) == 2 and events)

    assert second.at - first.at >= 2.0


def test_410_ends_the_subscription_and_what_waits_for_it(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    made = client.subscribe(f"{sink.url}/hook")
    sink.answer = failing(99, 410)
    client.post_events([event(seq=n) for n in (1, 2, 3)])

    eventually(lambda: client.read(made["id"])["status"] == "off")
    eventually(lambda: len(client.deliveries(state="cancelled")) == 2)
    [dead] = client.deliveries(state="dead")
    assert [attempt["result"] for attempt in dead["attempts"]] == ["gone"]
    assert len(sink.events()) == 1


def test_after_the_last_attempt_it_is_a_dead_letter_and_the_subscription_in_error(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    made = client.subscribe(f"{sink.url}/hook")
    sink.answer = failing(99)
    client.post_events([event(seq=n, focus=f"CarePlan/c{n}") for n in (1, 2)])

    eventually(lambda: len(client.deliveries(state="dead")) == 2, seconds=20)
    assert client.read(made["id"])["status"] == "error"
    second, first = client.deliveries(state="dead")
    assert [attempt["result"] for attempt in first["attempts"]] == ["refused"] * 4
    assert [attempt["result"] for attempt in second["attempts"]] == ["in-error"]
    assert (first["number"], second["number"]) == (1, 2)

    client.post_event(event(seq=3))
    eventually(lambda: len(client.deliveries(state="dead")) == 3)
    assert len(sink.events()) == 4
    status = client("GET", f"/fhir/Subscription/{made['id']}/$status").json()
    told = {part["name"]: part for part in status["entry"][0]["resource"]["parameter"]}
    assert told["events-since-subscription-start"]["valueString"] == "3"
    assert told["status"]["valueCode"] == "error"
    assert "error" in told


def test_brought_back_by_its_owner_it_goes_on_and_dead_letters_can_be_sent_again(
    client: Client, client_of: Callable[..., Client], worker: LoopbackServer, sink: Sink
) -> None:
    made = client.subscribe(f"{sink.url}/hook")
    sink.answer = failing(4)
    client.post_event(event())
    [dead] = eventually(lambda: client.deliveries(state="dead"), seconds=20)
    read = client.read(made["id"])
    headers = {"If-Match": f'W/"{read["meta"]["versionId"]}"'}

    answer = client(
        "PUT", f"/fhir/Subscription/{made['id']}", json=read | {"status": "active"}, headers=headers
    )
    assert answer.json()["status"] == "requested"
    eventually(lambda: client.read(made["id"])["status"] == "active")
    path = f"/api/v1/deliveries/{dead['id']}/replay"
    assert client_of(client_id="other")("POST", path).status_code == 404
    assert client("POST", path).status_code == 202

    [again] = eventually(lambda: client.deliveries(state="delivered"))
    assert (again["id"], again["number"]) == (dead["id"], 1)
    assert len({received.headers["webhook-id"] for received in sink.events()}) == 1
    assert client("POST", path).status_code == 409


def test_revoked_between_event_and_post_nothing_is_sent_and_no_number_used(
    client: Client, worker: LoopbackServer, sink: Sink, record: RecordStandIn
) -> None:
    client.subscribe(f"{sink.url}/hook")
    record.refuses = lambda question: question["focus"] == "CarePlan/c2"
    client.post_events([event(focus=f"CarePlan/c{n}", seq=n) for n in (1, 2, 3)])

    eventually(lambda: len(client.deliveries(state="delivered")) == 2)
    [withheld] = client.deliveries(state="withheld")
    assert (withheld["number"], withheld["attempts"]) == (None, [])
    assert (withheld["focus"], withheld["type"], withheld["event_id"]) == (None, None, None)
    assert [received.number for received in sink.events()] == [1, 2]
    assert "CarePlan/c2" not in "".join(received.raw.decode() for received in sink.events())


def test_revoked_between_two_attempts_nothing_more_is_sent(
    client: Client, worker: LoopbackServer, sink: Sink, record: RecordStandIn
) -> None:
    client.subscribe(f"{sink.url}/hook")
    sink.answer = failing(99)
    record.refuses = lambda _question: len(sink.events()) >= 1
    client.post_event(event())

    [withheld] = eventually(lambda: client.deliveries(state="withheld"))
    assert len(sink.events()) == 1
    assert withheld["number"] == 1


def test_a_silent_record_holds_everything_back_and_counts_no_attempt(
    client: Client, worker: LoopbackServer, sink: Sink, record: RecordStandIn
) -> None:
    client.subscribe(f"{sink.url}/hook")
    record.down = True
    client.post_event(event())
    eventually(lambda: len(record.asked) >= 3, seconds=20)
    assert sink.events() == []
    [waiting] = client.deliveries(state="pending")
    assert waiting["attempts"] == []

    record.down = False
    eventually(sink.events, seconds=20)


@pytest.mark.parametrize("allowed", ["yes", 1, None, {}])
def test_an_answer_that_is_not_clear_counts_as_none(
    client: Client, worker: LoopbackServer, sink: Sink, record: RecordStandIn, allowed: object
) -> None:
    client.subscribe(f"{sink.url}/hook")
    record.says = allowed
    client.post_event(event())

    eventually(lambda: len(record.asked) >= 2)
    assert sink.events() == []
    assert client.deliveries(state="pending")


def test_an_endpoint_that_failed_for_days_ends_all_its_subscriptions_and_their_owner_hears_otherwise(
    client: Client, worker: LoopbackServer, sink: Sink, settings: NotifySettings
) -> None:
    made = [client.subscribe(f"{sink.url}/hook", reason=f"r{n}") for n in range(2)]
    sink.answer = failing(99)
    long_ago = NOW - timedelta(days=400)
    with MongoClient[dict[str, Any]](settings.mongo_url) as mongo:
        failing_since = {
            "_id": f"rest-hook {sink.url}/hook",
            "failures": 9,
            "since": long_ago,
            "open_until": None,
        }
        mongo[settings.mongo_database]["breakers"].insert_one(failing_since)
    client.post_event(event())

    eventually(lambda: {client.read(one["id"])["status"] for one in made} == {"error"})
    told = eventually(lambda: len(found := client.inbox()["entries"]) == 3 and found)
    assert {one["focus"] for one in told if one["type"] == "subscription.failed"} == {
        f"Subscription/{one['id']}" for one in made
    }
    assert "for days" in client.read(made[0]["id"])["error"]
