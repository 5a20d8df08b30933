"""Subscriptions: created with a handshake, read without secrets, changed with If-Match, each owner's own."""

from collections.abc import Callable

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.subscription import Subscription
from starlette.responses import Response

from tests.loopback import LoopbackServer
from tests.notify.asking import OTHER_UNIT, SECRET, Client, event, eventually, secret_of, subscription
from tests.notify.record_stand_in import RecordStandIn
from tests.notify.sink import Received, Sink


def put(client: Client, resource: dict[str, object], version: str | None = None) -> int:
    named = version or f'W/"{resource["meta"]["versionId"]}"'  # type: ignore[index]
    return client(
        "PUT", f"/fhir/Subscription/{resource['id']}", json=resource, headers={"If-Match": named}
    ).status_code


def test_it_is_requested_until_its_endpoint_has_taken_the_handshake(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    answer = client("POST", "/fhir/Subscription", json=subscription(f"{sink.url}/hook"))

    made = answer.json()
    assert answer.status_code == 201
    assert made["status"] == "requested"
    assert answer.headers["etag"] == 'W/"1"'
    assert answer.headers["location"].endswith(f"/fhir/Subscription/{made['id']}/_history/1")
    Subscription.model_validate(made)
    eventually(lambda: client.read(made["id"])["status"] == "active")
    [handshake] = sink.received
    assert handshake.kind == "handshake"
    assert handshake.parameters["status"] == "requested"
    assert handshake.parameters["events-since-subscription-start"] == "0"
    Bundle.model_validate(handshake.bundle)


def test_an_endpoint_that_does_not_take_the_handshake_leaves_it_in_error(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    async def refuse(_received: Received) -> Response:
        return Response(status_code=500)

    sink.answer = refuse
    made = client.subscribe(f"{sink.url}/hook", wait=False)

    eventually(lambda: client.read(made["id"])["status"] == "error", seconds=15)
    assert len(sink.received) == 3
    assert client.read(made["id"])["error"]
    client.post_event(event())
    eventually(lambda: client.inbox()["entries"])
    assert sink.events() == []


def test_secrets_are_told_once_and_headers_never(client: Client, worker: LoopbackServer, sink: Sink) -> None:
    made = client.subscribe(f"{sink.url}/hook", channel={"header": ["Authorization: Bearer hush"]})
    read = client.read(made["id"])

    assert secret_of(made).startswith("whsec_")
    assert "hush" not in str(made) + str(read)
    assert read["channel"]["header"] == ["Authorization: ******"]
    assert SECRET not in str(read)
    found = client("GET", "/fhir/Subscription").json()
    assert "hush" not in str(found)
    assert SECRET not in str(found)


def test_what_was_read_can_be_written_back_and_the_headers_live_on(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    made = client.subscribe(f"{sink.url}/hook", channel={"header": ["X-Key: hush"]})
    read = client.read(made["id"])

    assert put(client, read | {"reason": "another"}) == 200

    changed = client.read(made["id"])
    assert (changed["reason"], changed["status"]) == ("another", "active")
    client.post_event(event())
    [received] = eventually(sink.events)
    assert received.headers["x-key"] == "hush"


def test_a_stale_if_match_changes_nothing(client: Client, worker: LoopbackServer, sink: Sink) -> None:
    made = client.subscribe(f"{sink.url}/hook")
    read = client.read(made["id"])

    assert read["meta"]["versionId"] == "2"
    assert put(client, read | {"reason": "x"}, 'W/"1"') == 412
    assert put(client, read | {"reason": "x"}, 'W/"3"') == 412
    headers = {"If-Match": 'W/"2"'}
    other = client("PUT", f"/fhir/Subscription/{made['id']}", json=read | {"id": "other"}, headers=headers)
    assert other.status_code == 400
    assert client.read(made["id"]) == read


def test_a_new_endpoint_must_take_a_handshake_first(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    made = client.subscribe(f"{sink.url}/old")
    read = client.read(made["id"])
    read["channel"]["endpoint"] = f"{sink.url}/new"

    assert put(client, read) == 200

    eventually(lambda: client.read(made["id"])["status"] == "active")
    assert [one.path for one in sink.received if one.kind == "handshake"] == ["/old", "/new"]


def test_switched_off_it_is_told_nothing_until_it_is_requested_again(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    made = client.subscribe(f"{sink.url}/hook")
    assert put(client, client.read(made["id"]) | {"status": "off"}) == 200
    client.post_event(event(focus="CarePlan/missed"))
    eventually(lambda: client.inbox()["entries"])

    assert put(client, client.read(made["id"]) | {"status": "requested"}) == 200
    eventually(lambda: client.read(made["id"])["status"] == "active")
    client.post_event(event(focus="CarePlan/told", seq=2))

    [received] = eventually(sink.events)
    assert received.focus.endswith("CarePlan/told")
    assert received.number == 1


def test_deleted_it_is_gone_and_told_nothing(client: Client, worker: LoopbackServer, sink: Sink) -> None:
    made = client.subscribe(f"{sink.url}/hook")
    path = f"/fhir/Subscription/{made['id']}"

    assert client("DELETE", path, headers={"If-Match": 'W/"1"'}).status_code == 412
    assert client("DELETE", path).status_code == 204

    assert client("GET", path).status_code == 410
    assert client("GET", "/fhir/Subscription").json()["total"] == 0
    client.post_event(event())
    eventually(lambda: client.inbox()["entries"])
    assert sink.events() == []


@pytest.mark.parametrize("claims", [{"healthcareUnitHsaId": OTHER_UNIT}, {"client_id": "another-system"}])
def test_what_belongs_to_others_does_not_exist(
    client: Client, client_of: Callable[..., Client], sink: Sink, claims: dict[str, str]
) -> None:
    made = client.subscribe(f"{sink.url}/hook", wait=False)
    other = client_of(**claims)
    path = f"/fhir/Subscription/{made['id']}"

    for method, suffix in [
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("GET", "/$status"),
        ("GET", "/$events"),
    ]:
        options = {"json": made, "headers": {"If-Match": 'W/"1"'}} if method == "PUT" else {}
        assert other(method, path + suffix, **options).status_code == 404
    assert other("GET", "/fhir/Subscription").json()["total"] == 0
    assert client.read(made["id"])["status"] == "requested"


def test_search_finds_by_url_and_status_in_pages(client: Client, worker: LoopbackServer, sink: Sink) -> None:
    for n in range(5):
        client.subscribe(f"{sink.url}/hook{n % 2}", wait=n == 4)
    eventually(lambda: client("GET", "/fhir/Subscription?status=active").json()["total"] == 5)

    found = client("GET", "/fhir/Subscription", params={"url": f"{sink.url}/hook1"}).json()
    assert found["total"] == 2
    Bundle.model_validate(found)
    form = {"content": "status=error,off", "headers": {"Content-Type": "application/x-www-form-urlencoded"}}
    assert client("POST", "/fhir/Subscription/_search", **form).json()["total"] == 0

    seen, query = [], "_count=2"
    while query:
        page = client("GET", f"/fhir/Subscription?{query}").json()
        seen += [entry["resource"]["id"] for entry in page.get("entry", [])]
        links = {link["relation"]: link["url"] for link in page["link"]}
        query = links.get("next", "").partition("?")[2]
    assert len(seen) == len(set(seen)) == 5


def test_status_is_told_for_one_and_for_many(client: Client, worker: LoopbackServer, sink: Sink) -> None:
    one, two = client.subscribe(f"{sink.url}/a"), client.subscribe(f"{sink.url}/b")
    client.post_event(event())
    eventually(lambda: len(sink.events()) == 2)

    found = client("GET", f"/fhir/Subscription/{one['id']}/$status").json()
    Bundle.model_validate(found)
    assert found["type"] == "searchset"
    [entry] = found["entry"]
    told = {part["name"]: part for part in entry["resource"]["parameter"]}
    assert told["status"]["valueCode"] == "active"
    assert told["type"]["valueCode"] == "query-status"
    assert told["events-since-subscription-start"]["valueString"] == "1"
    assert client("GET", "/fhir/Subscription/$status").json()["total"] == 2
    assert client("GET", f"/fhir/Subscription/$status?id={two['id']}&status=active").json()["total"] == 1
    assert client("GET", "/fhir/Subscription/$status?status=error").json()["total"] == 0


def test_events_heals_any_gap(
    client: Client, worker: LoopbackServer, sink: Sink, record: RecordStandIn
) -> None:
    made = client.subscribe(f"{sink.url}/hook")
    path = f"/fhir/Subscription/{made['id']}/$events"
    client.post_events([event(focus=f"CarePlan/c{n}", seq=n) for n in range(1, 6)])
    eventually(lambda: len(sink.events()) == 5)

    bundle = client("GET", f"{path}?eventsSinceNumber=2&eventsUntilNumber=4").json()
    Bundle.model_validate(bundle)
    told = Received(
        path, {}, client("GET", f"{path}?eventsSinceNumber=2&eventsUntilNumber=4").content
    ).parameters
    assert told["type"] == "query-event"
    assert [one["event-number"] for one in told["events"]] == ["2", "3", "4"]
    assert [one["focus"]["reference"].rpartition("/")[2] for one in told["events"]] == ["c2", "c3", "c4"]
    assert told["events-since-subscription-start"] == "5"

    record.refuses = lambda question: question["focus"] == "CarePlan/c3"
    told = Received(path, {}, client("GET", path).content).parameters
    assert [one["event-number"] for one in told["events"]] == ["1", "2", "3", "4", "5"]
    assert ["focus" in one for one in told["events"]] == [True, True, False, True, True]

    empty = Received(path, {}, client("GET", f"{path}?content=empty").content).parameters
    assert not any("focus" in one for one in empty["events"])
    assert client("GET", f"{path}?content=full-resource").status_code == 400

    record.down = True
    assert client("GET", path).status_code == 503
