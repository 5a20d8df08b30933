"""Endpoints that behave badly harm themselves alone."""

import time
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.loopback import LoopbackServer
from tests.notify import hostile
from tests.notify.asking import Client, event, eventually
from tests.notify.sink import Sink

BEHAVIOURS = {
    "hang": (hostile.hang, "timeout"),
    "drip": (hostile.drip, "timeout"),
    "reset": (hostile.reset, "unreachable"),
    "endless-head": (hostile.endless_head, "unreachable"),
    "babble": (hostile.babble, "unreachable"),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_an_attempt_ends_in_time_and_says_how(client: Client, worker: LoopbackServer, name: str) -> None:
    behaviour, result = BEHAVIOURS[name]
    with hostile.HostileServer(behaviour) as server:
        client.subscribe(f"{server.url}/hook")
        client.post_event(event())

        [shown] = eventually(lambda: [one for one in client.deliveries() if one["attempts"]], seconds=15)

        assert shown["attempts"][0]["result"] == result
        assert shown["attempts"][0]["seconds"] < 3.0


def test_a_body_without_end_is_read_a_little_and_left(client: Client, worker: LoopbackServer) -> None:
    with hostile.HostileServer(hostile.endless) as server:
        client.subscribe(f"{server.url}/hook")
        client.post_event(event())

        [shown] = eventually(lambda: client.deliveries(state="delivered"), seconds=15)

        assert shown["attempts"][0]["seconds"] < 1.5


def test_a_redirect_is_not_followed(client: Client, worker: LoopbackServer, sink: Sink) -> None:
    with hostile.HostileServer(hostile.redirecting_to(f"{sink.url}/elsewhere")) as server:
        client.subscribe(f"{server.url}/hook")
        client.post_event(event())

        [shown] = eventually(lambda: client.deliveries(state="dead"), seconds=15)

        assert [attempt["status"] for attempt in shown["attempts"]] == [307] * 4
        assert sink.received == []


@pytest.fixture
def bad_company(client: Client) -> Iterator[list[hostile.HostileServer]]:
    with ExitStack() as stack:
        servers = [
            stack.enter_context(hostile.HostileServer(behaviour))
            for behaviour in (hostile.hang, hostile.hang, hostile.drip, hostile.reset, hostile.endless)
        ]
        for server in servers:
            client.subscribe(f"{server.url}/hook")
        yield servers


def test_the_healthy_go_on_being_served_at_once(
    client: Client, worker: LoopbackServer, sink: Sink, bad_company: list[hostile.HostileServer]
) -> None:
    client.subscribe(f"{sink.url}/hook")
    posted: dict[str, float] = {}
    for batch in range(4):
        told = [event(focus=f"CarePlan/b{batch}-{n}", person=f"Patient/b{batch}-{n}") for n in range(20)]
        client.post_events(told)
        posted |= {f"https://samplan.test/fhir/{one['subject']}": time.monotonic() for one in told}
        time.sleep(0.2)

    eventually(lambda: len(sink.events()) == 80, seconds=20)

    waits = sorted(received.at - posted[received.focus] for received in sink.events())
    assert waits[-1] < 15.0  # every hanging attempt lasts 2 s: in line behind them it would be minutes
    assert all(server.told for server in bad_company)
