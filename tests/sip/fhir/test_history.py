"""Histories: every version once, newest first, of what the caller may see now."""

import time
from typing import Any

import httpx2
import pytest

from tests.sip.fhir.conftest import Sip, goal


def made(client: httpx2.Client, person: str, text: str = "Gå ut") -> str:
    return f"Goal/{client.post('/fhir/Goal', json=goal(person, text)).json()['id']}"


def changed(client: httpx2.Client, person: str, key: str, version: int) -> str:
    body = goal(person, f"Version {version + 1}") | {"id": key.partition("/")[2]}
    answer = client.put(f"/fhir/{key}", json=body, headers={"If-Match": f'W/"{version}"'})
    return str(answer.json()["meta"]["lastUpdated"])


def pages(client: httpx2.Client, path: str, **params: Any) -> list[dict[str, Any]]:
    """Follow `next` to the end; gives the entries."""
    answer = client.get(f"/fhir/{path}", params=params)
    entries: list[dict[str, Any]] = []
    for _ in range(50):
        assert answer.status_code == 200, answer.text
        bundle = answer.json()
        entries += bundle.get("entry", [])
        following = [one["url"] for one in bundle["link"] if one["relation"] == "next"]
        if not following:
            return entries
        answer = client.get("/fhir" + following[0].partition("/fhir")[2])
    raise AssertionError("the pages do not end")


def places(entries: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["fullUrl"].partition("/fhir/")[2], one["response"]["etag"]) for one in entries]


@pytest.fixture
def alone(sip: Sip) -> Any:
    """A unit of its own for the test, so that nothing else is in its histories."""
    with sip.client(f"SE-K-{time.monotonic_ns()}") as client:
        yield client


@pytest.fixture
def story(alone: httpx2.Client, person: str) -> tuple[str, str, list[str]]:
    """Two goals, the first with three versions, the second deleted; gives keys and the first's times."""
    first, second = made(alone, person), made(alone, person)
    start = alone.get(f"/fhir/{first}").json()["meta"]["lastUpdated"]
    times = [start, changed(alone, person, first, 1), changed(alone, person, first, 2)]
    alone.delete(f"/fhir/{second}", headers={"If-Match": 'W/"1"'})
    return first, second, times


Story = tuple[str, str, list[str]]


def test_the_history_of_a_type_shows_every_version_once(alone: httpx2.Client, story: Story) -> None:
    first, second, _ = story
    expected = [(second, 'W/"2"'), (first, 'W/"3"'), (first, 'W/"2"'), (second, 'W/"1"'), (first, 'W/"1"')]
    assert places(pages(alone, "Goal/_history")) == expected
    assert places(pages(alone, "Goal/_history", _count=2)) == expected
    assert places(pages(alone, "Goal/_history", _count=1)) == expected


def test_the_history_of_all_shows_what_the_scopes_cover(
    sip: Sip, alone: httpx2.Client, story: Story, person: str
) -> None:
    entries = places(pages(alone, "_history", _count=500))
    assert {(key, tag) for key, tag in entries if key.startswith("Goal/")} >= {(story[0], 'W/"3"')}
    unit = alone.headers["authorization"]
    assert unit
    assert person in {key for key, _ in entries}
    with sip.client("SE-K-unit", scope="user/Practitioner.r") as narrow:
        assert narrow.get("/fhir/_history").status_code == 403
        assert narrow.get("/fhir/Goal/_history").status_code == 403


def test_since_leaves_out_what_is_older(alone: httpx2.Client, story: Story) -> None:
    first, second, times = story
    since = places(pages(alone, "Goal/_history", _since=times[1]))
    assert since == [(second, 'W/"2"'), (first, 'W/"3"'), (first, 'W/"2"')]
    own = places(pages(alone, f"{first}/_history", _since=times[1], _count=1))
    assert own == [(first, 'W/"3"'), (first, 'W/"2"')]


def test_at_shows_what_was_newest_at_a_time(alone: httpx2.Client, story: Story) -> None:
    first, second, times = story
    at = places(pages(alone, "Goal/_history", _at=times[1]))
    assert at == [(first, 'W/"2"'), (second, 'W/"1"')]
    assert places(pages(alone, f"{first}/_history", _at=times[1])) == [(first, 'W/"2"')]
    assert places(pages(alone, "Goal/_history", _at="2020")) == []


def test_others_see_nothing_of_it(doctor: httpx2.Client, story: Story) -> None:
    seen = {key for key, _ in places(pages(doctor, "Goal/_history", _count=500))}
    assert not seen & set(story[:2])
    assert doctor.get(f"/fhir/{story[0]}/_history").status_code == 404


def test_a_directory_is_open_in_its_history_too(nurse: httpx2.Client, doctor: httpx2.Client) -> None:
    made_at = nurse.post("/fhir/Practitioner", json={"resourceType": "Practitioner"}).json()
    entries = pages(doctor, "Practitioner/_history", _since=made_at["meta"]["lastUpdated"])
    assert f"Practitioner/{made_at['id']}" in {key for key, _ in places(entries)}


@pytest.mark.parametrize(
    "query", ["_since=banana", "_at=2026-13-45", "_count=x", "_page=banana", "x=1", "_format=xml"]
)
def test_what_cannot_be_understood_is_named(nurse: httpx2.Client, query: str) -> None:
    answer = nurse.get(f"/fhir/Goal/_history?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["issue"][0]["details"]["text"]
