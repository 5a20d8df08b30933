"""Asking by search, and reading what came."""

from typing import Any
from urllib.parse import parse_qsl, urlparse

import httpx2

Json = dict[str, Any]


def bundle(client: httpx2.Client, address: str, **headers: str) -> Json:
    """Search, and give the Bundle."""
    answer = client.get(f"/fhir/{address}", headers=headers)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def matches(found: Json) -> list[str]:
    """Give the keys of the matches, in order."""
    return _keys(found, "match")


def included(found: Json) -> set[str]:
    """Give the keys of what came along."""
    return set(_keys(found, "include"))


def _keys(found: Json, mode: str) -> list[str]:
    entries = [one["resource"] for one in found.get("entry", ()) if one["search"]["mode"] == mode]
    return [f"{one['resourceType']}/{one['id']}" for one in entries]


def link(found: Json, relation: str) -> str | None:
    """Give the address of a link, as path and query."""
    for one in found["link"]:
        if one["relation"] == relation:
            address = urlparse(one["url"])
            return f"{address.path.removeprefix('/fhir/')}?{address.query}".rstrip("?")
    return None


def used(found: Json) -> list[tuple[str, str]]:
    """Give the parameters that `self` says were used."""
    return parse_qsl((link(found, "self") or "").partition("?")[2])


def created(client: httpx2.Client, resource: Json) -> str:
    """Write a resource, and give its key."""
    answer = client.post(f"/fhir/{resource['resourceType']}", json=resource)
    assert answer.status_code == 201, answer.text
    return f"{resource['resourceType']}/{answer.json()['id']}"


def issue(answer: httpx2.Response) -> tuple[int, str, str]:
    """Give status, code and place of a refusal, which names the parameter."""
    told = answer.json()["issue"][0]
    return answer.status_code, told["code"], told["details"]["text"]


def goal(person: str, place: int, **more: Any) -> Json:
    """Make a goal of a person, told apart by its number and its day."""
    return {
        "resourceType": "Goal", "lifecycleStatus": "proposed", "description": {"text": f"Mål {place}"},
        "subject": {"reference": person}, "identifier": [{"system": "urn:goal", "value": str(place)}],
        "startDate": f"2026-11-{place + 1:02}", **more,
    }  # fmt: skip
