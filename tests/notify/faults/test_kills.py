"""Processes killed without warning: nothing is lost, and what comes twice comes under the same id."""

import asyncio
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.responses import Response

from services.notify.settings import NotifySettings
from tests.issuer import TestIssuer
from tests.notify.asking import Client, event, eventually
from tests.notify.faults.processes import Process
from tests.notify.sink import Received, Sink

Start = Callable[[str], Process]


@pytest.fixture
def start(settings: NotifySettings, tmp_path: Path) -> Iterator[Start]:
    """Start processes that end with the test."""
    running: list[Process] = []

    def begin(run: str) -> Process:
        running.append(Process(run, settings, tmp_path / "log").start())
        return running[-1]

    yield begin
    for process in running:
        if process.process.poll() is None:
            process.kill()


@pytest.fixture
def api_process(start: Start) -> Process:
    return start("run_api").ready()


@pytest.fixture
def client(api_process: Process, issuer: TestIssuer) -> Iterator[Client]:
    made = Client(api_process.url, issuer)
    yield made
    made.close()


def test_a_worker_killed_between_post_and_mark_is_followed_by_one_that_sends_the_same_again(
    start: Start, client: Client, sink: Sink, settings: NotifySettings
) -> None:
    first = start("run_worker").ready()
    client.subscribe(f"{sink.url}/hook")

    async def late(_received: Received) -> Response:
        await asyncio.sleep(1.5 if len(sink.events()) < 2 else 0.0)
        return Response(status_code=204)

    sink.answer = late
    second = start("run_worker").ready().process
    second.send_signal(signal.SIGSTOP)
    client.post_event(event())
    eventually(sink.events)
    first.kill()  # the receiver has it, nobody has noted that
    killed_at = time.monotonic()
    second.send_signal(signal.SIGCONT)

    sent, again = eventually(lambda: (events := sink.events()) and len(events) == 2 and events, seconds=20)

    assert again.headers["webhook-id"] == sent.headers["webhook-id"]
    assert again.number == sent.number == 1
    assert again.at - killed_at < settings.lease_seconds + 5
    [shown] = eventually(lambda: client.deliveries(state="delivered"))
    assert shown["number"] == 1


@pytest.mark.parametrize("number", [2, 4])
def test_several_workers_at_once_send_nothing_twice(
    start: Start, client: Client, sink: Sink, number: int
) -> None:
    workers = [start("run_worker") for _ in range(number)]
    for worker in workers:
        worker.ready()
    client.subscribe(f"{sink.url}/hook")
    for batch in range(5):
        client.post_events([event(person=f"Patient/p{n}", seq=batch) for n in range(30)])

    eventually(lambda: len(sink.events()) >= 150, seconds=60)
    eventually(lambda: client.deliveries(state="pending") == [])

    seen = Counter(received.headers["webhook-id"] for received in sink.events())
    assert set(seen.values()) == {1}
    assert sorted(received.number for received in sink.events()) == list(range(1, 151))


class KeptAlive:
    """A process that is started again whenever it was killed."""

    def __init__(self, start: Start, run: str) -> None:
        self._start, self._run = start, run
        self.process = start(run).ready()

    def kill_within(self, seconds: float) -> None:
        """Kill it in a moment, from another thread."""
        threading.Timer(seconds, self.process.kill).start()

    def alive(self) -> Process:
        """Give it, started again if need be."""
        if self.process.process.poll() is not None:
            self.process = self._start(self._run).ready()
        return self.process


def tell(batch: list[dict[str, Any]], api: KeptAlive, issuer: TestIssuer) -> None:
    """Send a batch as the relay does: again and again until it is acknowledged."""
    while True:
        told = Client(api.alive().url, issuer)
        try:
            if told.post_events(batch).status_code == 202:
                return
        except httpx2.HTTPError:
            continue
        finally:
            told.close()


def test_an_api_killed_during_a_batch_is_told_again_and_nothing_is_lost_or_doubled(
    start: Start, client: Client, sink: Sink, issuer: TestIssuer
) -> None:
    start("run_worker").ready()
    client.subscribe(f"{sink.url}/hook")
    api = KeptAlive(start, "run_api")

    for number in range(3):
        api.alive()
        api.kill_within(0.02 + 0.03 * number)
        tell([event(person=f"Patient/p{n}", seq=number) for n in range(60)], api, issuer)

    eventually(lambda: len({received.focus for received in sink.events()}) == 180, seconds=60)
    seen = Counter(received.focus for received in sink.events())
    assert set(seen.values()) == {1}
    assert sorted(received.number for received in sink.events()) == list(range(1, 181))


def test_over_random_kills_every_event_arrives_in_order_of_its_person(
    start: Start, client: Client, sink: Sink, issuer: TestIssuer
) -> None:
    """The ledger: what was acknowledged against what was received."""
    chance = random.Random(20261102)
    worker, api = KeptAlive(start, "run_worker"), KeptAlive(start, "run_api")
    client.subscribe(f"{sink.url}/hook")
    wanted = set()

    for seq in range(10):
        (worker if chance.random() < 0.6 else api).kill_within(chance.uniform(0.0, 0.1))
        batch = [event(focus=f"CarePlan/p{n}-{seq}", person=f"Patient/p{n}", seq=seq) for n in range(10)]
        tell(batch, api, issuer)
        wanted |= {f"https://samplan.test/fhir/{one['subject']}" for one in batch}
        time.sleep(chance.uniform(0.1, 0.4))
        worker.alive()

    eventually(lambda: {received.focus for received in sink.events()} >= wanted, seconds=60)
    check_ledger(sink.events(), persons=10, events=10)


def check_ledger(received: list[Received], persons: int, events: int) -> None:
    """See that duplicates are the same delivery, numbers have no gap, and each person's order is kept."""
    first: dict[str, Received] = {}
    for one in received:
        same = first.setdefault(one.focus, one)
        assert (same.headers["webhook-id"], same.number) == (one.headers["webhook-id"], one.number)
    assert sorted(one.number for one in first.values()) == list(range(1, persons * events + 1))
    for person in range(persons):
        order = [int(focus.rpartition("-")[2]) for focus in first if f"/p{person}-" in focus]
        assert order == list(range(events))


def test_asked_to_end_the_worker_finishes_what_is_under_way(start: Start, client: Client, sink: Sink) -> None:
    worker = start("run_worker").ready()
    client.subscribe(f"{sink.url}/hook")

    async def late(_received: Received) -> Response:
        await asyncio.sleep(0.8)
        return Response(status_code=204)

    sink.answer = late
    client.post_event(event())
    eventually(sink.events)

    assert worker.stop() < 10

    assert len(client.deliveries(state="delivered")) == 1
    assert len(sink.events()) == 1
