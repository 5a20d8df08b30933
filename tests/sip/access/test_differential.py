"""Every answer is, to the byte, the one that would be given if nothing hidden from the caller existed at all."""

import random
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from pymongo import MongoClient

from tests.sip.harness import HOME_NURSING, NURSE, OTHER_CENTRE, OTHER_DOCTOR, County, county, patient

Json = dict[str, Any]
MOMENT = re.compile(rb"_page=[^\"&]+")
"""The way to the next page says as of when it was asked, and so differs from one time to the next."""
TYPES = (
    "Goal",
    "Goal",
    "Condition",
    "CarePlan",
    "CareTeam",
    "Task",
    "Communication",
    "Consent",
    "Observation",
)


@pytest.fixture(scope="module")
def served(mongo_url: str) -> Iterator[County]:
    with county(mongo_url) as running:
        yield running


def thing(kind: str, person: str, plans: list[str], dice: random.Random) -> Json:
    about = {"resourceType": kind, "subject": {"reference": person}}
    plan = [{"reference": dice.choice(plans)}] if plans else []
    based = {"basedOn": plan} if plan else {}
    match kind:
        case "Goal":
            return about | {"lifecycleStatus": "proposed", "description": {"text": f"Mål {dice.random()}"}}
        case "CarePlan":
            return about | {"status": "draft", "intent": "plan"}
        case "Communication":
            return about | {"status": "completed"} | based
        case "Observation":
            return about | {"status": "final", "code": {"text": "a"}} | based
        case "Task":
            return {
                "resourceType": kind,
                "status": "requested",
                "intent": "plan",
                "for": {"reference": person},
            } | based
        case _:
            return {**about, "resourceType": "Condition"}


def filled(by: httpx2.Client, persons: list[str], dice: random.Random) -> list[str]:
    """Write at random into these persons' records; gives the addresses of what was made."""
    made: list[str] = []
    plans: dict[str, list[str]] = {}
    for _ in range(20):
        person = dice.choice(persons)
        answer = by.post(
            f"/fhir/{(new := thing(dice.choice(TYPES), person, plans.get(person, []), dice))['resourceType']}",
            json=new,
        )
        if answer.status_code == 201:
            key = f"{new['resourceType']}/{answer.json()['id']}"
            made.append(key)
            if new["resourceType"] == "CarePlan":
                plans.setdefault(person, []).append(key)
    return made


def crossing(served: County, nurse: httpx2.Client, foreign: httpx2.Client, person: str) -> list[str]:
    """Let a task of one's own refer to a plan that was seen once, and is hidden by the time the task is written."""
    draft = {
        "resourceType": "CarePlan",
        "status": "draft",
        "intent": "plan",
        "subject": {"reference": person},
    }
    plan = f"CarePlan/{foreign.post('/fhir/CarePlan', json=draft).json()['id']}"
    with MongoClient[Json](served.mongo_url) as client:
        records = client[served.database].records
        right = {**records.find_one({"key": plan})["readers"][0], "unit": HOME_NURSING}  # type: ignore[index]
        records.update_one({"key": plan}, {"$push": {"readers": right}})
    assert nurse.get(f"/fhir/{plan}").status_code == 200
    task: Json = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "plan",
        "for": {"reference": person},
    }
    made = nurse.post("/fhir/Task", json=task | {"basedOn": [{"reference": plan}]})
    assert made.status_code == 201, made.text
    assert nurse.get(f"/fhir/{plan}").status_code == 404
    return [f"Task/{made.json()['id']}"]


def questions(keys: list[str], persons: list[str]) -> Iterator[str]:
    """Give every way to look, at one's own and at others'."""
    for key in keys:
        yield from (key, f"{key}/_history", f"{key}/_history/1", f"{key}/_history/2")
    for kind in TYPES:
        yield from (f"{kind}?_total=accurate", f"{kind}?_count=2&_sort=_lastUpdated", f"{kind}/_history")
        yield from (f"{kind}?_summary=count", f"{kind}?_count=1&_total=accurate")
        yield from (f"{kind}?patient={person}&_total=accurate" for person in persons)
        yield from (f"{kind}?_id={key.partition('/')[2]}" for key in keys if key.startswith(kind))
    yield from (
        "CarePlan?_include=*",
        "CarePlan?_revinclude=Task:based-on",
        "Task?based-on:CarePlan.status=draft",
    )
    yield from ("Task?_include=Task:based-on", "CarePlan?_has:Task:based-on:status=requested", "_history")
    yield from (f"{person}/$everything" for person in persons)


def attempts(
    hidden: list[str], own: list[str], person: str
) -> Iterator[tuple[str, str, Json, dict[str, str]]]:
    """Give writes that name what is hidden: none may succeed, or be refused otherwise than for what is absent."""
    nowhere = [{"reference": "Condition/absent"}]
    goal: Json = {"resourceType": "Goal", "lifecycleStatus": "proposed", "description": {"text": "a"}}
    goal |= {"subject": {"reference": person}, "addresses": nowhere}
    seen = {"If-Match": 'W/"1"'}
    for key in hidden:
        kind, _, number = key.partition("/")
        based: Json = {"resourceType": "Observation", "status": "final", "code": {"text": "a"}}
        yield (
            "POST",
            "Observation",
            {**based, "subject": {"reference": person}, "derivedFrom": [{"reference": key}]},
            {},
        )
        yield "PUT", key, {**thing(kind, person, [], random.Random(1)), "id": number}, seen
        yield "DELETE", key, {}, seen
        if kind == "Goal":
            yield "POST", "Goal", goal, {"If-None-Exist": f"_id={number}"}
            yield "DELETE", f"Goal?_id={number}", {}, {}
    for key in (one for one in own if one.startswith("Goal/")):
        yield "POST", "Goal", goal, {"If-None-Exist": f"_id={key.partition('/')[2]}"}


def tried(
    by: httpx2.Client, asked: list[tuple[str, str, Json, dict[str, str]]]
) -> list[tuple[str, int, bytes]]:
    answers = (
        (f"{method} {path}", by.request(method, f"/fhir/{path}", json=body or None, headers=headers))
        for method, path, body, headers in asked
    )
    return [(name, answer.status_code, answer.content) for name, answer in answers]


def told(by: httpx2.Client, asked: list[str]) -> list[tuple[str, int, bytes, str | None]]:
    answers = ((one, by.get(f"/fhir/{one}")) for one in asked)
    return [
        (one, answer.status_code, MOMENT.sub(b"_page=", answer.content), answer.headers.get("etag"))
        for one, answer in answers
    ]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_hidden_changes_no_byte_of_any_answer(served: County, seed: int) -> None:
    dice = random.Random(seed)
    with served.staff(NURSE) as nurse, served.staff(OTHER_DOCTOR) as foreign:
        made = nurse.post("/fhir/Patient", json=patient(next(served.numbers))).json()["id"]
        theirs = foreign.post("/fhir/Patient", json=patient(next(served.numbers))).json()["id"]
        persons = [f"Patient/{made}", f"Patient/{theirs}"]
        own = filled(nurse, persons[:1], dice)
        hidden = filled(foreign, persons, dice)
        own += crossing(served, nurse, foreign, persons[0])
        assert own
        assert hidden
        asked = list(questions([*own, *hidden, *persons], persons))
        writes = [*attempts(hidden, own, persons[0])]
        before, refused = told(nurse, asked), tried(nurse, writes)
        with MongoClient[Json](served.mongo_url) as client:
            gone = client[served.database].records.delete_many(
                {"own.unit": OTHER_CENTRE, "patient": {"$ne": None}}
            )
        assert gone.deleted_count >= len(hidden)
        after, refused_after = told(nurse, asked), tried(nurse, writes)
    assert any(status == 200 for _, status, _, _ in before)
    assert [one for one, other in zip(before, after, strict=True) if one != other] == []
    assert any(status == 422 for _, status, _ in refused)
    assert [one for one, other in zip(refused, refused_after, strict=True) if one != other] == []
