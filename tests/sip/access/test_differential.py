"""Every answer is, to the byte, the one that would be given if nothing hidden from the caller existed at all."""

import random
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from pymongo import MongoClient

from tests.sip.harness import NURSE, OTHER_CENTRE, OTHER_DOCTOR, County, county, patient

Json = dict[str, Any]
MOMENT = re.compile(rb"_page=[^\"&]+")
"""The way to the next page says as of when it was asked, and so differs from one time to the next."""
TYPES = ("Goal", "Condition", "CarePlan", "CareTeam", "Task", "Communication", "Consent", "Observation")


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


def questions(keys: list[str], persons: list[str]) -> Iterator[str]:
    """Give every way to look, at one's own and at others'."""
    for key in keys:
        yield from (key, f"{key}/_history", f"{key}/_history/1", f"{key}/_history/2")
    for kind in TYPES:
        yield from (f"{kind}?_total=accurate", f"{kind}?_count=2&_sort=_lastUpdated", f"{kind}/_history")
        yield from (f"{kind}?patient={person}&_total=accurate" for person in persons)
        yield from (f"{kind}?_id={key.partition('/')[2]}" for key in keys if key.startswith(kind))
    yield from (
        "CarePlan?_include=*",
        "CarePlan?_revinclude=Task:based-on",
        "Task?based-on:CarePlan.status=draft",
    )
    yield from ("Task?_include=Task:based-on", "CarePlan?_has:Task:based-on:status=requested", "_history")
    yield from (f"{person}/$everything" for person in persons)


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
        assert own
        assert hidden
        asked = list(questions([*own, *hidden, *persons], persons))
        before = told(nurse, asked)
        with MongoClient[Json](served.mongo_url) as client:
            gone = client[served.database].records.delete_many(
                {"own.unit": OTHER_CENTRE, "patient": {"$ne": None}}
            )
        assert gone.deleted_count >= len(hidden)
        after = told(nurse, asked)
    assert any(status == 200 for _, status, _, _ in before)
    assert [one for one, other in zip(before, after, strict=True) if one != other] == []
