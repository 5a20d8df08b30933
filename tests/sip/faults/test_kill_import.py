"""kill -9 of the api while an import goes on, and a connection that breaks: sent again, everything is there once."""

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from pymongo import MongoClient

from tests.processes import sip_api
from tests.sip.bulk.material import NDJSON, Centre, centre, counted, load, name, ndjson, told
from tests.sip.harness import DOCTOR, County, county

LINES = 4_000


@pytest.fixture(scope="module")
def served(mongo_url: str) -> Iterator[County]:
    with county(mongo_url) as running:
        yield running


@pytest.fixture(scope="module")
def home(served: County) -> Centre:
    return centre(served, persons=40)


def contacts(home: Centre, count: int) -> list[dict[str, Any]]:
    return [
        home.encounter(name(), subject={"reference": home.persons[number % len(home.persons)]})
        for number in range(count)
    ]


def versions(served: County, lines: list[dict[str, Any]]) -> list[tuple[int, bool]]:
    """Give number and currency of every version stored of these contacts."""
    values = {one["identifier"][0]["value"] for one in lines}
    with MongoClient[dict[str, Any]](served.mongo_url) as client:
        found = client[served.database].records.find(
            {"type": "Encounter"}, {"version": 1, "terms": 1, "current": 1}
        )
        return [
            (one["version"], one.get("current", False)) for one in found
            if any(term.partition("=")[2] in values for term in one.get("terms", ()))
        ]  # fmt: skip


def test_after_a_kill_an_import_goes_on_and_nothing_is_there_twice(
    served: County, home: Centre, tmp_path: Path
) -> None:
    lines = contacts(home, LINES)
    with served.staff(DOCTOR) as client:
        headers = {"Authorization": client.headers["authorization"], **NDJSON}
    with sip_api(served, tmp_path / "log") as first:
        sending = threading.Thread(target=send, args=(first.url, headers, ndjson(*lines)))
        sending.start()
        with served.staff(DOCTOR) as asking:
            until = time.monotonic() + 30
            while came(asking) < 1000 and time.monotonic() < until:
                time.sleep(0.02)
        first.popen.kill()
        sending.join()

    with served.staff(DOCTOR) as client:
        reached = came(client)
        assert 1000 <= reached < LINES
        rest = load(client, ndjson(*lines[reached:]), id="killed", line=reached + 1)

    assert told(rest)["lines"] == LINES
    assert told(rest)["refused"] == 0
    # What was stored in the moment of the kill, before it was noted, was there already when it came again.
    assert told(rest)["created"] + told(rest)["unchanged"] == LINES
    assert versions(served, lines) == [(1, True)] * LINES


def send(url: str, headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(httpx2.HTTPError):
        httpx2.post(
            f"{url}/fhir/Encounter/$import?id=killed",
            content=body,
            headers=headers,
            trust_env=False,
            timeout=60,
        )


def came(client: httpx2.Client, number: str = "killed") -> int:
    answer = client.get("/fhir/Encounter/$import", params={"id": number})
    return int(told(answer)["lines"]) if answer.status_code == 200 else 0


def test_a_body_that_breaks_off_leaves_whole_lines_alone(served: County, home: Centre) -> None:
    lines = contacts(home, 700)
    body = ndjson(*lines)
    with served.staff(DOCTOR) as client:
        token = client.headers["authorization"]
        host = client.base_url.host
        with socket.create_connection((host, client.base_url.port)) as broken:
            head = (
                f"POST /fhir/Encounter/$import?id=broken HTTP/1.1\r\nHost: {host}\r\nAuthorization: {token}\r\n"
                f"Content-Type: application/fhir+ndjson\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            broken.sendall(head.encode() + body[: len(body) - 10_000])
            until = time.monotonic() + 30
            while came(client, "broken") < 500 and time.monotonic() < until:
                time.sleep(0.02)
        time.sleep(0.1)

        assert told(client.get("/fhir/Encounter/$import", params={"id": "broken"}))["ended"] is False
        assert counted(load(client, body, id="broken")) == (700, 0, 0, 0)
    assert versions(served, lines) == [(1, True)] * 700
