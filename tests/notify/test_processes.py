"""What each process tells about itself: health, readiness, metrics."""

import httpx2

from tests.loopback import LoopbackServer
from tests.notify.asking import Client, event, eventually
from tests.notify.record_stand_in import RecordStandIn
from tests.notify.sink import Sink


def samples(server: LoopbackServer) -> dict[str, float]:
    """Read /metrics as a name with labels to value."""
    answer = httpx2.get(f"{server.url}/metrics", trust_env=False)
    assert answer.status_code == 200
    lines = (line for line in answer.text.splitlines() if line and not line.startswith("#"))
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_both_processes_say_that_they_live_and_are_ready(api: LoopbackServer, worker: LoopbackServer) -> None:
    for server, checks in ((api, {"mongo", "keys"}), (worker, {"mongo", "working"})):
        assert httpx2.get(f"{server.url}/healthz", trust_env=False).status_code == 200
        ready = eventually(
            lambda server=server: (  # type: ignore[misc]
                (answer := httpx2.get(f"{server.url}/readyz", trust_env=False)).status_code == 200
                and answer.json()
            )
        )
        assert ready == dict.fromkeys(checks, True)


def test_the_metrics_move_with_what_happens_and_name_nobody(
    client: Client, api: LoopbackServer, worker: LoopbackServer, sink: Sink, record: RecordStandIn
) -> None:
    client.subscribe(f"{sink.url}/hook")
    record.refuses = lambda question: question["focus"] == "CarePlan/secret"
    told = [event(focus="CarePlan/open"), event(focus="CarePlan/secret", seq=2), {"broken": True}]
    client.post_events(told)
    client.post_event(told[0])
    eventually(lambda: len(client.deliveries(state="withheld")) == 1 and client.inbox()["entries"])
    eventually(lambda: len(client.deliveries(state="delivered")) == 1)

    taken, sent = samples(api), samples(worker)
    assert taken['notify_events_total{result="accepted"}'] == 2
    assert taken['notify_events_total{result="repeated"}'] == 1
    assert taken['notify_events_total{result="refused"}'] == 1
    assert sent['notify_deliveries_total{channel="rest-hook",outcome="delivered"}'] == 1
    assert sent['notify_deliveries_total{channel="inbox",outcome="withheld"}'] == 1
    assert sent['notify_delivery_attempts_total{channel="handshake",result="ok"}'] == 1
    assert sent['notify_right_to_know_total{answer="allowed"}'] == 2
    assert sent['notify_right_to_know_total{answer="refused"}'] == 2
    assert {"notify_oldest_pending_age_seconds", "notify_dead_letters", "notify_breakers_open"} <= set(sent)
    routes = {
        name.partition('route="')[2].partition('"')[0]
        for name in taken
        if "notify_http_requests_total" in name
    }
    assert {"/events", "/api/v1/inbox", "/fhir/Subscription", "/fhir/Subscription/{id}"} <= routes
    text = httpx2.get(f"{worker.url}/metrics", trust_env=False).text + str(taken)
    assert not any(private in text for private in ("CarePlan/", "Patient", "SE2321000016", sink.url))


def test_the_metrics_stay_few(client: Client, api: LoopbackServer, worker: LoopbackServer) -> None:
    for path in ("/a", "/b/c", "/fhir/x", "/fhir/Subscription/" + "z" * 50, "/api/v1/inbox/q/receipt"):
        for method in ("GET", "POST", "BREW"):
            client(method, path)

    assert len(samples(api)) < 600
    assert len(samples(worker)) < 600
    assert not any("BREW" in name or "zzz" in name for name in samples(api))
