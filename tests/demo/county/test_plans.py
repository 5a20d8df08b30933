"""Sixty plans, in every state, each of a person one can see."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from services.demo.county.codes import ASKED_DECLINED, EXT_LAWFUL_GROUND, EXT_NO_ACTIONS_BY_OTHERS
from services.demo.county.fhir import Resource
from services.demo.county.loads import County, Load
from services.demo.county.stories import stories
from tests.demo.county.conftest import TODAY
from tests.demo.county.record_keeper import RecordKeeper

DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:]+Z)?")
AHEAD_BY_NATURE = {("Task", "end"), ("Consent", "end"), ("Appointment", "start"), ("Appointment", "end")}


def test_there_are_sixty_plans_in_every_state(keeper: RecordKeeper) -> None:
    plans = keeper.every("CarePlan")
    states = Counter(one["status"] for one in plans)

    assert len(plans) == 60
    assert set(states) == {"draft", "active", "on-hold", "completed", "revoked", "entered-in-error"}
    assert states["active"] > 25


def test_the_plans_are_of_four_kinds(keeper: RecordKeeper) -> None:
    kinds = Counter(one["category"][0]["coding"][0]["code"] for one in keeper.every("CarePlan"))

    assert kinds == {"SIP": 53, "SPU": 5, "lss": 1, "VP": 1}


def test_nobody_has_two_plans_and_most_have_none(settled: County) -> None:
    planned = {one.resident.key for one in settled.cases}

    assert len(planned) == len(settled.cases)
    assert len(settled.residents) - len(planned) >= 10


def test_every_voice_becomes_a_plan_of_its_own(keeper: RecordKeeper) -> None:
    voices = [one["valueString"] for one in keeper.every("Observation") if "valueString" in one]
    declined = [one["dataAbsentReason"] for one in keeper.every("Observation") if "valueString" not in one]

    assert len(set(voices)) == len(voices) > 50
    assert [one["coding"][0]["code"] for one in declined] == [ASKED_DECLINED[1]] * 2


def test_every_story_gives_each_voice_a_status() -> None:
    assert [one.key for one in stories() if len(one.voices) != len(one.statuses)] == []


def test_no_name_is_left_out_of_a_text(keeper: RecordKeeper, loads: list[Load]) -> None:
    texts = [text for load in loads for text in strings(load.bundle)]

    assert [text for text in texts if "{" in text or "}" in text or "  " in text] == []
    assert keeper.every("Goal")


def test_some_follow_ups_are_overdue_and_most_are_not(keeper: RecordKeeper) -> None:
    now = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC)
    active = {f"CarePlan/{one['id']}" for one in keeper.every("CarePlan") if one["status"] == "active"}
    due = [
        datetime.fromisoformat(one["restriction"]["period"]["end"])
        for one in keeper.every("Task")
        if "restriction" in one and one["basedOn"][0]["reference"] in active
    ]
    overdue = sum(one < now for one in due)

    assert 3 <= overdue <= 12
    assert overdue < len(due) / 2


def test_what_others_do_is_told_or_that_it_was_asked(keeper: RecordKeeper) -> None:
    nothing = [one for one in keeper.every("CarePlan") if EXT_NO_ACTIONS_BY_OTHERS in urls(one)]

    assert len(nothing) >= 4
    assert (
        len([one for one in keeper.every("Task") if one["code"]["coding"][0]["code"] == "action-by-other"])
        > 30
    )


def test_some_plans_rest_on_another_ground_than_consent(keeper: RecordKeeper) -> None:
    grounds = {
        extension["valueCodeableConcept"]["coding"][0]["code"]
        for one in keeper.every("CarePlan")
        for extension in one.get("extension", [])
        if extension["url"] == EXT_LAWFUL_GROUND
    }

    assert grounds == {"unable-to-consent", "child-necessary-care"}


def test_a_withdrawn_consent_ended_a_plan(keeper: RecordKeeper) -> None:
    assert [one["status"] for one in keeper.every("Consent")].count("inactive") == 1


def test_completed_plans_tell_how_it_went(keeper: RecordKeeper) -> None:
    told = {one["basedOn"][0]["reference"] for one in keeper.every("QuestionnaireResponse")}
    completed = {f"CarePlan/{one['id']}" for one in keeper.every("CarePlan") if one["status"] == "completed"}

    assert told == completed


def test_nothing_has_happened_that_is_still_to_come(keeper: RecordKeeper) -> None:
    types = {key.split("/")[0] for record in keeper.records.values() for key in record}
    later = [
        (one["resourceType"], name, text)
        for resource_type in types
        for one in keeper.every(resource_type)
        for name, text in dates(one)
        if text[:10] > TODAY.isoformat() and (resource_type, name) not in AHEAD_BY_NATURE
    ]

    assert later == []


def urls(resource: Resource) -> set[str]:
    return {one["url"] for one in resource.get("extension", [])}


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict | list):
        for value in node.values() if isinstance(node, dict) else node:
            yield from strings(value)


def dates(node: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(node, str) and DATE.fullmatch(node):
        yield name, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from dates(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from dates(value, name)
