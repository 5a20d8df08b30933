"""What Inferno's subscriptions test kit asks of a server (R4 Backport 1.1.0), one test for each of its groups.

Its refusals (topic, filter, channel type, endpoint, payload type, payload and channel, other versions' extensions)
are rows of test_refusals.py.
"""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement
from starlette.responses import Response

from services.notify.domain.topics import TOPICS
from services.notify.settings import NotifySettings
from tests.issuer import TestIssuer
from tests.loopback import LoopbackServer
from tests.notify.asking import BACKPORT, TOPIC, Client, event, eventually
from tests.notify.certificates import Certified, certified
from tests.notify.conftest import settings_of
from tests.notify.record_stand_in import RecordStandIn
from tests.notify.sink import Received, Sink

KIT = "http://hl7.org/fhir/uv/subscriptions-backport/"
PLAN = {
    "resourceType": "CarePlan",
    "id": "c1",
    "status": "active",
    "intent": "plan",
    "subject": {"display": "p"},
}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return certified("localhost", tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def settings(
    mongo_url: str, issuer: TestIssuer, record: RecordStandIn, certificate: Certified
) -> NotifySettings:
    rules = [
        {"host": host, "networks": ["127.0.0.0/8", "::1/128"], "plain_http": True}
        for host in ("127.0.0.1", "localhost")
    ]
    return settings_of(mongo_url, issuer, record.url, ca_file=certificate.authority, allowed_endpoints=rules)


@pytest.fixture
def secure(certificate: Certified) -> Iterator[Sink]:
    with Sink(ssl=certificate.ssl()) as running:
        yield running


def at(sink: Sink) -> str:
    return f"https://localhost:{sink.port}/hook"


def content(code: str) -> dict[str, Any]:
    url = f"{BACKPORT}backport-payload-content"
    return {"_payload": {"extension": [{"url": url, "valueCode": code}]}}


def with_extensions(**values: int) -> dict[str, Any]:
    names = {
        "heartbeat_period": "valueUnsignedInt",
        "max_count": "valuePositiveInt",
        "timeout": "valueUnsignedInt",
    }
    return {
        "extension": [
            {"url": f"{BACKPORT}backport-{name.replace('_', '-')}", names[name]: value}
            for name, value in values.items()
        ]
    }


def check_notification(received: Received, kind: str, subscription_id: str, status: str) -> None:
    """See that a notification is what the kit's common checks ask for."""
    bundle = received.bundle
    Bundle.model_validate(bundle)
    assert bundle["type"] == "history"
    assert all(entry["request"] and entry["response"] for entry in bundle["entry"])
    assert bundle["entry"][0]["request"]["url"].endswith(f"Subscription/{subscription_id}/$status")
    assert bundle["entry"][0]["resource"]["resourceType"] == "Parameters"
    assert (received.parameters["type"], received.parameters["status"]) == (kind, status)
    assert received.headers["content-type"] == "application/fhir+json"


def test_the_capability_statement_advertises_the_topics(client: Client) -> None:
    found = client("GET", "/fhir/metadata").json()

    CapabilityStatement.model_validate(found)
    assert found["instantiates"] == [f"{KIT}CapabilityStatement/backport-subscription-server-r4"]
    [told] = [one for one in found["rest"][0]["resource"] if one["type"] == "Subscription"]
    url = f"{KIT}StructureDefinition/capabilitystatement-subscriptiontopic-canonical"
    assert [one["valueCanonical"] for one in told["extension"] if one["url"] == url] == list(TOPICS)
    assert told["supportedProfile"] == [f"{KIT}StructureDefinition/backport-subscription"]
    assert {one["code"] for one in told["interaction"]} == {
        "create",
        "read",
        "update",
        "delete",
        "search-type",
    }
    assert {"url", "status"} <= {one["name"] for one in told["searchParam"]}
    assert {one["name"] for one in told["operation"]} == {"status", "events"}


def test_a_created_subscription_is_as_it_was_asked_for_and_gets_a_handshake(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    made = client.subscribe(f"{sink.url}/hook")

    assert made["criteria"] == TOPIC
    assert made["channel"]["type"] == "rest-hook"
    check_notification(sink.received[0], "handshake", made["id"], "requested")
    assert len(sink.received[0].bundle["entry"]) == 1


def test_a_heartbeat_comes_when_there_is_nothing_else_and_raises_no_count(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    made = client.subscribe(f"{sink.url}/hook", channel=with_extensions(heartbeat_period=1))
    client.post_event(event())
    eventually(sink.events)

    def beats() -> list[Received]:
        return [one for one in sink.received if one.kind == "heartbeat"]

    eventually(lambda: len(beats()) >= 2)
    check_notification(beats()[-1], "heartbeat", made["id"], "active")
    assert beats()[-1].parameters["events-since-subscription-start"] == "1"
    assert beats()[-1].parameters["events"] == []
    assert beats()[1].at - beats()[0].at > 0.9


def test_an_endpoint_that_takes_no_heartbeats_ends_in_error_and_its_owner_hears_of_it(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    made = client.subscribe(f"{sink.url}/hook", channel=with_extensions(heartbeat_period=1))

    async def refuse(_received: Received) -> Response:
        raise OSError

    sink.answer = refuse
    eventually(lambda: client.read(made["id"])["status"] == "error", seconds=20)
    [entry] = eventually(lambda: client.inbox()["entries"])
    assert (entry["type"], entry["focus"]) == ("subscription.failed", f"Subscription/{made['id']}")


def test_an_empty_notification_names_no_resource(client: Client, worker: LoopbackServer, sink: Sink) -> None:
    made = client.subscribe(f"{sink.url}/hook", channel=content("empty"))
    client.post_event(event(focus="CarePlan/c1"))

    [told] = eventually(sink.events)
    check_notification(told, "event-notification", made["id"], "active")
    assert "topic" not in told.parameters
    assert len(told.bundle["entry"]) == len(told.parameters["events"]) == 1
    assert not {"focus", "additional-context"} & set(told.parameters["events"][0])
    assert "CarePlan/c1" not in told.raw.decode()


def test_an_id_only_notification_refers_to_its_focus_and_holds_no_resource(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    made = client.subscribe(f"{sink.url}/hook", channel=content("id-only"))
    client.post_event(event(focus="CarePlan/c1"))

    [told] = eventually(sink.events)
    check_notification(told, "event-notification", made["id"], "active")
    assert told.focus.endswith("/CarePlan/c1")
    [_, entry] = told.bundle["entry"]
    assert entry["fullUrl"] == told.focus
    assert "resource" not in entry


def test_a_full_resource_notification_holds_what_the_subscriber_may_read_now(
    client: Client, worker: LoopbackServer, secure: Sink, record: RecordStandIn
) -> None:
    record.resources["CarePlan/c1"] = PLAN
    made = client.subscribe(at(secure), channel=content("full-resource"))
    client.post_event(event(focus="CarePlan/c1"))

    [told] = eventually(secure.events)
    check_notification(told, "event-notification", made["id"], "active")
    assert told.parameters["topic"] == TOPIC
    [_, entry] = told.bundle["entry"]
    assert (entry["resource"], entry["fullUrl"]) == (PLAN, told.focus)
    assert record.asked[-1]["payload"] == "full-resource"


def test_a_whole_resource_goes_over_tls_and_to_whose_token_may_read_alone(
    client: Client, client_of: Callable[..., Client], sink: Sink, secure: Sink
) -> None:
    refused = [
        (client, f"{sink.url}/hook", "Subscription.channel.endpoint"),
        (client_of(scope="system/Subscription.cruds"), at(secure), "Subscription.channel.payload"),
        (
            client_of(scope="system/Subscription.cruds patient/*.rs"),
            at(secure),
            "Subscription.channel.payload",
        ),
    ]
    for asking, endpoint, where in refused:
        asked = {
            "resourceType": "Subscription", "status": "requested", "reason": "r", "criteria": TOPIC,
            "channel": {"type": "rest-hook", "endpoint": endpoint, "payload": "application/fhir+json",
                        **content("full-resource")},
        }  # fmt: skip
        answer = asking("POST", "/fhir/Subscription", json=asked)
        assert answer.status_code == 422
        assert where in str(answer.json())


def test_up_to_max_count_events_come_in_one_notification_the_same_at_every_attempt(
    client: Client, worker: LoopbackServer, sink: Sink, record: RecordStandIn
) -> None:
    made = client.subscribe(f"{sink.url}/hook", channel=with_extensions(max_count=3))
    failures = [500]

    async def answer(_received: Received) -> Response:
        return Response(status_code=failures.pop() if failures else 204)

    sink.answer = answer
    record.down = True
    client.post_events([event(focus=f"CarePlan/c{n}", seq=n) for n in range(1, 5)])
    eventually(lambda: len(record.asked) > 2)
    record.down = False

    first, again, last = eventually(lambda: (events := sink.events()) and len(events) == 3 and events)
    check_notification(again, "event-notification", made["id"], "active")
    assert [one["event-number"] for one in first.parameters["events"]] == ["1", "2", "3"]
    assert (first.headers["webhook-id"], first.parameters) == (again.headers["webhook-id"], again.parameters)
    assert [one["event-number"] for one in last.parameters["events"]] == ["4"]
    assert last.headers["webhook-id"] != first.headers["webhook-id"]
    delivered = eventually(lambda: len(found := client.deliveries(state="delivered")) == 4 and found)
    assert {one["webhook_id"] for one in delivered} == {
        first.headers["webhook-id"],
        last.headers["webhook-id"],
    }


def test_one_that_is_over_is_told_nothing(client: Client, worker: LoopbackServer, sink: Sink) -> None:
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1.5)  # noqa: TID251 - notify goes by the clock
    made = client.subscribe(f"{sink.url}/hook", end=ends.isoformat())
    time.sleep(1.6)
    client.post_event(event())

    eventually(lambda: client.deliveries(state="cancelled"))
    assert sink.events() == []
    assert client.read(made["id"])["end"] == ends.isoformat()


@pytest.mark.parametrize("kind", ["CarePlan", "CareTeam"])
def test_r4s_own_criteria_send_the_resource_as_it_is(
    client: Client, worker: LoopbackServer, secure: Sink, record: RecordStandIn, kind: str
) -> None:
    resource = {"resourceType": kind, "id": "c1"}
    record.resources[f"{kind}/c1"] = resource
    asked = {
        "resourceType": "Subscription", "status": "requested", "reason": "r",
        "criteria": f"{kind}?patient=Patient/p1",
        "channel": {"type": "rest-hook", "endpoint": at(secure), "payload": "application/fhir+json"},
    }  # fmt: skip
    answer = client("POST", "/fhir/Subscription", json=asked)
    assert answer.status_code == 201, answer.text
    eventually(lambda: client.read(answer.json()["id"])["status"] == "active")
    client.post_events([
        event("record.changed", focus=f"{kind}/c1"),
        event("record.changed", focus=f"{kind}/c2", person="Patient/p2"),
        event("task.changed", focus="Task/t1"),
    ])  # fmt: skip

    [told] = eventually(lambda: secure.received)
    assert told.bundle == resource
    eventually(lambda: len(client.deliveries(state="delivered")) == 1)


@pytest.mark.parametrize(
    "criteria",
    ["CarePlan?status=active", "Task?patient=Patient/1", "CarePlan?patient=x&y=z", "CareTeam?patient="],
)
def test_searches_that_cannot_be_followed_are_refused_as_criteria(client: Client, criteria: str) -> None:
    asked = {
        "resourceType": "Subscription", "status": "requested", "reason": "r", "criteria": criteria,
        "channel": {"type": "rest-hook", "endpoint": "http://127.0.0.1/x"},
    }  # fmt: skip
    answer = client("POST", "/fhir/Subscription", json=asked)

    assert answer.status_code == 422
    assert "Subscription.criteria" in str(answer.json())
