"""What is new reaches who listens: by long-poll, and as a stream that is resumed where it broke off."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from tests.issuer import TestIssuer
from tests.loopback import LoopbackServer
from tests.notify.asking import OTHER_UNIT, UNIT, Client, event, eventually

STREAM = "/api/v1/inbox/stream"
NEWS = "/api/v1/inbox/news"


class Listener:
    """Reads a stream in a thread, as a browser does."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.entries: list[dict[str, Any]] = []
        self.ids: list[str] = []
        self.ended = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(lines,), daemon=True)
        self._thread.start()

    def _read(self, lines: Iterator[str]) -> None:
        try:
            for line in lines:
                if line.startswith("id: "):
                    self.ids.append(line[4:])
                if line.startswith("data: "):
                    self.entries.append(json.loads(line[6:]))
        except httpx2.HTTPError:
            pass
        self.ended.set()


@pytest.fixture
def listen(api: LoopbackServer, issuer: TestIssuer) -> Callable[..., Any]:
    @contextmanager
    def listening(last: str | None = None, **claims: Any) -> Iterator[Listener]:
        every = {"scope": "system/CarePlan.rs", "healthcareUnitHsaId": UNIT, "client_id": "ehr", **claims}
        headers = issuer.headers(**every) | ({"Last-Event-ID": last} if last else {})
        with (
            httpx2.Client(base_url=api.url, trust_env=False, timeout=30) as http,
            http.stream("GET", STREAM, headers=headers) as answer,
        ):
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/event-stream")
            yield Listener(answer.iter_lines())

    return listening


def test_a_stream_tells_what_is_new_and_is_resumed_without_a_gap(
    client: Client, worker: LoopbackServer, listen: Callable[..., Any]
) -> None:
    client.post_event(event(focus="CarePlan/before"))
    eventually(lambda: client.inbox()["unread"] == 1)

    with listen() as first:
        time.sleep(0.3)
        client.post_event(event(focus="CarePlan/c1", seq=2))
        eventually(lambda: first.entries)
        assert [one["focus"] for one in first.entries] == ["CarePlan/c1"]
    client.post_events([event(focus=f"CarePlan/c{n}", seq=n, person=f"Patient/p{n}") for n in (3, 4)])
    eventually(lambda: client.inbox()["unread"] == 4)
    with listen(first.ids[-1]) as second:
        eventually(lambda: {one["focus"] for one in second.entries} >= {"CarePlan/c3", "CarePlan/c4"})

    assert len(set(second.ids)) == len(second.ids)


def test_a_stream_is_of_ones_own_unit_alone_and_ends_with_its_token(
    client: Client, worker: LoopbackServer, listen: Callable[..., Any]
) -> None:
    soon = int(time.time()) + 2  # noqa: TID251 - tokens go by the clock
    with listen(healthcareUnitHsaId=OTHER_UNIT) as other, listen(exp=soon) as short:
        client.post_event(event())
        eventually(lambda: short.entries)
        assert short.ended.wait(10)
        assert other.entries == []


def test_a_long_poll_answers_as_soon_as_there_is_something(client: Client, worker: LoopbackServer) -> None:
    start = client("GET", NEWS, params={"wait": 0}).json()
    assert (start["entries"], start["unread"]) == ([], 0)
    timer = threading.Timer(0.5, lambda: client.post_event(event(focus="CarePlan/c1")))
    timer.start()
    began = time.monotonic()

    told = client("GET", NEWS, params={"wait": 20}).json()
    assert [one["focus"] for one in told["entries"]] == ["CarePlan/c1"]
    assert told["unread"] == 1
    assert time.monotonic() - began < 10
    timer.join()

    again = client("GET", NEWS, params={"after": told["next"], "wait": 1}).json()
    assert again["next"] == told["next"]
    assert "CarePlan/c2" not in str(again)


@pytest.mark.parametrize("query", [{"after": "yesterday"}, {"wait": 600}, {"wait": "x"}])
def test_a_poll_that_makes_no_sense_is_refused(client: Client, query: dict[str, Any]) -> None:
    assert client("GET", NEWS, params=query).status_code == 400


def test_without_scope_there_is_no_news(client_of: Callable[..., Client]) -> None:
    stranger = client_of(scope="system/event.c")

    assert stranger("GET", NEWS).status_code == 403
    assert stranger("GET", STREAM).status_code == 403
