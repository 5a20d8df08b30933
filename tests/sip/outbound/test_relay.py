"""The relay against a real notify over HTTP: every event arrives, each person's in order, whatever goes wrong."""

import contextlib
import time
import uuid
from collections.abc import Iterator
from typing import Any

import httpx2
import orjson
import pytest
from pymongo import MongoClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.sip.main.relay import build_relay
from services.sip.settings import SipSettings
from tests.loopback import LoopbackServer
from tests.sip.fhir.conftest import BASE, Sip, goal, numbers, nurse, person, sip

__all__ = ["numbers", "nurse", "person", "sip"]  # fixtures of the API under test

PATIENCE = 15.0  # seconds; only a failing test waits so long


class Notify:
    """Takes events as notify does, and can be down or refuse one kind of event."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.down = False
        self.refuses = ""
        self.tokens: set[str] = set()

    async def take(self, request: Request) -> Response:
        if self.down:
            return Response(status_code=503)
        self.tokens.add(request.headers["authorization"])
        batch = orjson.loads(await request.body())
        refused = [one["id"] for one in batch if self.refuses and self.refuses in one["id"]]
        self.events += [one for one in batch if one["id"] not in refused]
        body = {
            "accepted": [one["id"] for one in batch if one["id"] not in refused],
            "refused": [{"id": one, "detail": "a poison event"} for one in refused],
        }
        return Response(orjson.dumps(body), 202)

    def keys(self) -> list[str]:
        return [one["subject"] for one in self.events]


@pytest.fixture
def notify() -> Iterator[tuple[Notify, str]]:
    taking = Notify()
    routes = [Route("/events", taking.take, methods=["POST"])]
    with LoopbackServer(Starlette(routes=routes)) as server:
        yield taking, server.url


@contextlib.contextmanager
def relaying(sip: Sip, notify_url: str) -> Iterator[str]:
    settings = SipSettings(
        mongo_url=sip.mongo_url,
        mongo_database=sip.database,
        public_base=BASE,
        issuers=[sip.issuer.setting()],
        token_url=sip.issuer.token_url,
        client_id="sip",
        client_secret="only-for-tests",
        notify_url=notify_url,
        relay_poll_seconds=0.5,
    )
    with LoopbackServer(build_relay(settings)) as server:
        yield server.url


def until(holds: Any) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.05)


def written(client: httpx2.Client, person: str, count: int) -> list[str]:
    return [
        f"Goal/{client.post('/fhir/Goal', json=goal(person, f'Mål {i}')).json()['id']}" for i in range(count)
    ]


def test_events_arrive_in_the_persons_order_and_hold_ids_only(
    sip: Sip, nurse: httpx2.Client, person: str, notify: tuple[Notify, str]
) -> None:
    taking, url = notify
    with relaying(sip, url):
        keys = written(nurse, person, 8)
        until(lambda: set(keys) <= set(taking.keys()))
    own = [one for one in taking.events if one["data"]["person"] == person]
    assert [one["data"]["seq"] for one in own] == sorted(one["data"]["seq"] for one in own)
    assert [one["subject"] for one in own if one["subject"] in keys] == keys
    assert "Mål" not in str(taking.events)
    assert all(token.startswith("Bearer ") for token in taking.tokens)


def test_what_was_written_while_notify_was_down_arrives_afterwards(
    sip: Sip, nurse: httpx2.Client, person: str, notify: tuple[Notify, str]
) -> None:
    taking, url = notify
    taking.down = True
    with relaying(sip, url):
        keys = written(nurse, person, 3)
        time.sleep(0.5)
        assert not set(keys) & set(taking.keys())
        taking.down = False
        until(lambda: set(keys) <= set(taking.keys()))


def test_what_was_written_while_no_relay_ran_is_sent_by_the_next(
    sip: Sip, nurse: httpx2.Client, person: str, notify: tuple[Notify, str]
) -> None:
    taking, url = notify
    keys = written(nurse, person, 3)
    with relaying(sip, url):
        until(lambda: set(keys) <= set(taking.keys()))


def test_a_poison_event_is_parked_and_holds_nobody_up(
    sip: Sip, nurse: httpx2.Client, person: str, notify: tuple[Notify, str]
) -> None:
    taking, url = notify
    poison, *others = written(nurse, person, 4)
    taking.refuses = poison
    with relaying(sip, url) as relay:
        until(lambda: set(others) <= set(taking.keys()))
        until(lambda: "sip_outbox_parked 1.0" in httpx2.get(f"{relay}/metrics").text)
    with MongoClient[dict[str, Any]](sip.mongo_url) as client:
        [row] = client[sip.database].records.find({"key": poison})
        assert row["parked"] == "a poison event"
        assert "unsent" not in row
        client[sip.database].records.update_one({"_id": row["_id"]}, {"$unset": {"parked": ""}})


def test_three_relays_lose_nothing_and_mix_up_no_order(
    sip: Sip, nurse: httpx2.Client, person: str, notify: tuple[Notify, str]
) -> None:
    taking, url = notify
    with relaying(sip, url), relaying(sip, url), relaying(sip, url):
        keys = written(nurse, person, 10)
        until(lambda: set(keys) <= set(taking.keys()))
    first_seen = list(dict.fromkeys(one["subject"] for one in taking.events if one["subject"] in keys))
    assert first_seen == keys


def test_the_relay_tells_what_waits(
    sip: Sip, nurse: httpx2.Client, person: str, notify: tuple[Notify, str]
) -> None:
    taking, url = notify
    taking.down = True
    written(nurse, person, 1)
    with relaying(sip, url) as relay:
        until(lambda: "sip_outbox_waiting 0.0" not in httpx2.get(f"{relay}/metrics").text)
        assert httpx2.get(f"{relay}/readyz").status_code == 200
        taking.down = False
        until(lambda: "sip_outbox_waiting 0.0" in httpx2.get(f"{relay}/metrics").text)


def test_an_event_keeps_its_id_however_often_it_is_sent(
    sip: Sip, nurse: httpx2.Client, person: str, notify: tuple[Notify, str]
) -> None:
    taking, url = notify
    [key] = written(nurse, person, 1)
    with relaying(sip, url):
        until(lambda: taking.keys().count(key) == 1)
    with MongoClient[dict[str, Any]](sip.mongo_url) as client:
        client[sip.database].records.update_one({"key": key}, {"$set": {"unsent": True}})
    with relaying(sip, url):
        until(lambda: taking.keys().count(key) == 2)
    assert len({one["id"] for one in taking.events if one["subject"] == key}) == 1
    assert uuid.UUID(key.partition("/")[2]).version == 4
