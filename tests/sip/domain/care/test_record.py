"""One record, one person."""

from typing import Any

import pytest

from tests.sip.domain.care.scenarios import (
    MEDICINE,
    PERSON,
    PLAN,
    TEAM,
    a_plan_ready_to_activate,
    changed,
    judged,
    of,
    rules,
    to,
)


@pytest.mark.parametrize(
    ("key", "content", "where"),
    [
        (PLAN, {"goal": [to("Goal/home"), to("Goal/somebody-elses")]}, "CarePlan.goal[1]"),
        (PLAN, {"addresses": [to("Condition/somebody-elses/_history/2")]}, "CarePlan.addresses[0]"),
        (
            PLAN,
            {"extension": [{"url": "x", "valueReference": to("Patient/bertil")}]},
            "CarePlan.extension[0].valueReference",
        ),
        (MEDICINE, {"partOf": [to("Task/somebody-elses")]}, "Task.partOf[0]"),
        (MEDICINE, {"output": [{"valueReference": to("Observation/other")}]}, "Task.output[0].valueReference"),
        (
            TEAM,
            {"participant": [{"member": to("PractitionerRole/nurse"), "period": {"start": "2026-01-10"}},
                             {"member": to("PractitionerRole/doctor"), "period": {"start": "2026-01-10"}},
                             {"member": to("RelatedPerson/of-bertil")}]},
            "CareTeam.participant[2].member",
        ),
    ],
)  # fmt: skip
def test_nothing_refers_into_another_persons_record(key: str, content: dict[str, Any], where: str) -> None:
    record = a_plan_ready_to_activate()

    found = [
        one
        for one in judged(record, changed(record, key, **content))
        if one.rule == "reference-outside-record"
    ]

    assert [(one.where, one.basis) for one in found] == [(where, "PDL 3 kap. 1 §")]


@pytest.mark.parametrize(
    "reference",
    [
        to("Encounter/any"),
        to("Organization/nowhere"),
        to("https://example.org/fhir/Goal/1"),
        to("#contained"),
        {"display": "i journalen"},
        to("Goal/home/_history/1"),
    ],
)
def test_references_that_lead_elsewhere_or_to_the_same_record_pass(reference: dict[str, str]) -> None:
    record = a_plan_ready_to_activate()

    assert judged(record, changed(record, PLAN, supportingInfo=[reference])) == []


@pytest.mark.parametrize(("key", "element"), [(PLAN, "subject"), (MEDICINE, "for"), (TEAM, "subject")])
def test_nothing_moves_to_another_person(key: str, element: str) -> None:
    record = a_plan_ready_to_activate() | of("Patient/bertil")

    assert (
        rules(judged(record, changed(record, key, **{element: to("Patient/bertil")})))[0] == "person-changed"
    )


def test_a_contact_made_is_judged_without_the_whole_record() -> None:
    visit = of("Encounter/visit", status="finished", subject=to(PERSON))

    assert judged({}, *visit.values()) == []
    assert rules(judged(visit, changed(visit, "Encounter/visit", subject=to("Patient/bertil")))) == [
        "person-changed"
    ]


def test_staff_and_organizations_belong_to_no_person() -> None:
    role = {"resourceType": "PractitionerRole", "id": "x", "practitioner": to("Practitioner/y")}

    assert judged({}, role) == []


def test_a_type_we_do_not_serve_is_no_business_of_these_rules() -> None:
    assert judged({}, {"resourceType": "Basic", "id": "x", "subject": to("Patient/bertil")}) == []
