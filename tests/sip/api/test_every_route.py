"""Every route that /api/v1 and /fhir describe, driven with garbage: never a 500, always words, nothing stored."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.sip.harness import County

OPENAPI: Final = Path(__file__).parents[3] / "contracts/openapi"
METHODS: Final = ("get", "post", "put", "patch", "delete")
IDS: Final = ("nobody", "a%00b", "%ED%A0%80", "%24ne", "x" * 65)
BODIES: Final = (
    b"", b"null", b"7", b"[]", b"{}", b'{"a":NaN}', b'{"a":1,"a":2}', b'{"text":"a\\u0000b"}', b'{"text":"\\ud800"}',
    b'{"reason":{"$ne":""},"id":{"$gt":""},"resourceType":["Task"]}', b"\xff\xfe",
    b'{"resourceType":"Bundle","entry":7}',
    b'{"from":"2026-02-30T25:00:00Z","until":"-1","size":1e400,"count":-9223372036854775809}',
    b"[" * 10_000 + b"]" * 10_000,
)  # fmt: skip
QUERIES: Final = (
    "", "?_count=-1", "?_count=99999999999999999999", "?next=%00", "?as-of=2026-02-30", "?count=1e9", "?_page=W10",
    "?after=-1", "?patient=%ED%A0%80&date=gt0000", "?_since=9999-99-99&_at=x", "?%24where=1&_sort=%00",
)  # fmt: skip


def routes() -> Iterator[tuple[str, str]]:
    for name in ("sip", "fhir"):
        for path, item in json.loads((OPENAPI / f"{name}.json").read_bytes())["paths"].items():
            yield from ((method.upper(), path) for method in METHODS if method in item)


def addressed(path: str, number: int) -> str:
    parts = [
        IDS[(number + at) % len(IDS)] if "{" in part else part for at, part in enumerate(path.split("/"))
    ]
    return "/".join(parts)


def media(path: str, method: str) -> str:
    if method == "PATCH":
        return "application/json-patch+json"
    return "application/fhir+json" if path.startswith("/fhir") else "application/json"


@pytest.fixture
def client(served: County) -> Iterator[httpx2.Client]:
    with served.privacy_officer("SE9999990001") as one:
        one.timeout = 30
        yield one


def test_no_garbage_gets_more_than_a_refusal(served: County, client: httpx2.Client) -> None:
    before, number, wrong = served.stored(), 0, list[Any]()
    for method, path in routes():
        for _ in range(2 if path.startswith("/fhir") else 8):
            number += 1
            asked = addressed(path, number) + QUERIES[number % len(QUERIES)]
            body = None if method in {"GET", "DELETE"} else BODIES[number % len(BODIES)]
            headers = {"Content-Type": media(path, method), "If-Match": ("*", 'W/"1"', "\\")[number % 3]}
            answer = client.request(method, asked, content=body, headers=headers)
            if answer.status_code >= 500 or (answer.status_code >= 400 and not words_of(answer)):
                wrong.append((method, asked[:200], (body or b"")[:60], answer.status_code, answer.text[:200]))
    assert wrong == []
    assert number > 500
    assert served.stored() == before


def words_of(answer: httpx2.Response) -> str:
    told = answer.json()
    return str(told.get("detail") or [one.get("diagnostics") for one in told.get("issue", ())])
