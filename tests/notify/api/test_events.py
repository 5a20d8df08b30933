"""POST /events: taken once, durable, judged one by one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.loopback import LoopbackServer
from tests.notify.asking import MANY_EVENTS, ONE_EVENT, OTHER_UNIT, UNIT, Client, event, eventually
from tests.notify.record_stand_in import RecordStandIn


def test_the_same_event_ten_times_at_once_has_one_effect(client: Client, worker: LoopbackServer) -> None:
    told = event()
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda _: client.post_event(told), range(10)))

    assert [answer.status_code for answer in answers] == [202] * 10
    assert all(answer.json() == {"accepted": [told["id"]], "refused": []} for answer in answers)
    eventually(lambda: client.inbox()["entries"])
    assert client.post_event(told).status_code == 202
    client.post_event(event(seq=2))
    eventually(lambda: len(client.inbox()["entries"]) >= 2)
    assert len(client.inbox()["entries"]) == 2


def test_a_batch_is_judged_entry_by_entry(client: Client, worker: LoopbackServer) -> None:
    good, poison = event(), event() | {"time": "yesterday"}

    answer = client.post_events([good, poison, "no event", event(seq=2)])

    assert answer.status_code == 202
    told = answer.json()
    assert told["accepted"][0] == good["id"]
    assert len(told["accepted"]) == 2
    assert [(one["id"], one["index"]) for one in told["refused"]] == [(poison["id"], 1), (None, 2)]
    assert "time" in told["refused"][0]["detail"]
    eventually(lambda: len(client.inbox()["entries"]) == 2)


def test_a_batch_of_nothing_is_taken(client: Client) -> None:
    assert client.post_events([]).json() == {"accepted": [], "refused": []}


def test_a_single_event_that_is_broken_is_refused_with_the_place(client: Client) -> None:
    told = event()
    told["data"]["seq"] = "seventeen"

    answer = client.post_event(told)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert "data.seq" in answer.json()["detail"]


def test_every_unit_among_the_parties_finds_it_in_its_inbox_and_no_other(
    client: Client, client_of: Callable[..., Client], worker: LoopbackServer
) -> None:
    other, third = client_of(healthcareUnitHsaId=OTHER_UNIT), client_of(healthcareUnitHsaId="SE-third")
    client.post_event(event(parties=[UNIT, OTHER_UNIT]))

    eventually(lambda: client.inbox()["entries"])
    eventually(lambda: other.inbox()["entries"])
    assert third.inbox()["entries"] == []


def test_without_a_token_that_grants_it_no_event_is_taken(
    client_of: Callable[..., Client], record: RecordStandIn
) -> None:
    assert client_of(scope="system/*.cruds").post_event(event()).status_code == 403
    assert client_of(exp=1).post_event(event()).status_code == 401
    assert client_of(aud="https://other.test").post_event(event()).status_code == 401


@pytest.mark.parametrize(
    ("media", "raw", "status"),
    [
        ("application/json", b"{}", 415),
        ("text/plain", b"{}", 415),
        (ONE_EVENT, b"", 400),
        (ONE_EVENT, b"{", 400),
        (ONE_EVENT, b'{"id":NaN}', 400),
        (ONE_EVENT, b'{"id":"a","id":"b"}', 400),
        (ONE_EVENT, b'{"id":"\\u0000"}', 400),
        (ONE_EVENT, b'{"id":"\\ud800"}', 400),
        (ONE_EVENT, b"\xff\xfe", 400),
        (ONE_EVENT, b"[" * 10_000 + b"]" * 10_000, 400),
        (ONE_EVENT, b"[]", 400),
        (MANY_EVENTS, b"{}", 400),
        (MANY_EVENTS, b"[" + b"1," * 2500 + b"1]", 400),
        (MANY_EVENTS, b'"' + b"a" * (5 << 20) + b'"', 413),
    ],
    ids=str,
)
def test_hostile_bodies_are_refused_with_a_problem(
    client: Client, media: str, raw: bytes, status: int
) -> None:
    answer = client("POST", "/events", content=raw, headers={"Content-Type": media})

    assert answer.status_code == status
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    assert problem["detail"]
