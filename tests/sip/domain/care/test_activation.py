"""What a coordinated individual plan must hold to be active, and what each refusal rests on."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain import codes
from services.sip.domain.care import AgreedPractice, violations
from services.sip.domain.codes import Code
from tests.sip.domain.care.county import DOCTOR, PRIVATE_CENTRE
from tests.sip.domain.care.scenarios import (
    CONSENT,
    FOLLOW_UP,
    MEDICINE,
    NEIGHBOUR,
    NURSING,
    PERSON,
    PLAN,
    WORDS,
    a_plan_ready_to_activate,
    a_team_of,
    activated,
    an_active_plan,
    changed,
    judged,
    rules,
    surroundings,
    to,
    without_activity,
)

SIPS = [codes.PLAN_CATEGORY_SIP, codes.PLAN_CATEGORY_DISCHARGE]


@pytest.mark.parametrize("category", codes.PLAN_CATEGORIES)
def test_a_plan_that_holds_everything_becomes_active(category: Code) -> None:
    record = a_plan_ready_to_activate(category)

    assert judged(record, activated(record)) == []


def test_a_draft_may_lack_everything() -> None:
    record = a_plan_ready_to_activate()
    draft = {name: record[PLAN][name] for name in ("resourceType", "id", "status", "category", "subject")}

    assert judged({PERSON: record[PERSON]}, draft) == []


def test_an_empty_plan_is_told_everything_that_is_missing_at_once() -> None:
    record = a_plan_ready_to_activate()
    empty = {name: record[PLAN][name] for name in ("resourceType", "id", "category", "subject")}

    found = judged({PERSON: record[PERSON]}, empty | {"status": "active"})

    assert rules(found) == [
        "plan-interventions",
        "plan-actions-by-others",
        "plan-overall-responsibility",
        "plan-both-principals",
        "plan-both-principals",
        "plan-follow-up-date",
        "plan-what-matters",
        "plan-consent",
    ]


LACKING: dict[str, tuple[dict[str, Any], str, str]] = {
    "interventions": (
        without_activity(NURSING, MEDICINE),
        "plan-interventions",
        "HSL 16 kap. 4 § p. 1; SoL 10 kap. 8 § p. 1",
    ),
    "the region's interventions": (
        without_activity(MEDICINE),
        "plan-interventions-of-both",
        "agreed practice: setting interventions_from_both_principals",
    ),
    "others' actions": (
        without_activity(NEIGHBOUR),
        "plan-actions-by-others",
        "HSL 16 kap. 4 § p. 3; SoL 10 kap. 8 § p. 3",
    ),
    "who answers over all": (
        {"author": None},
        "plan-overall-responsibility",
        "HSL 16 kap. 4 § p. 4; SoL 10 kap. 8 § p. 4",
    ),
    "a follow-up date": (
        without_activity(FOLLOW_UP),
        "plan-follow-up-date",
        "agreed practice: setting follow_up_date_required",
    ),
    "what matters": (
        {"supportingInfo": [to(CONSENT)]},
        "plan-what-matters",
        "agreed practice: setting what_matters_required",
    ),
}


@pytest.mark.parametrize("what", LACKING)
@pytest.mark.parametrize("category", SIPS)
def test_a_plan_without_one_required_thing_is_refused_for_just_that(what: str, category: Code) -> None:
    content, rule, basis = LACKING[what]
    record = a_plan_ready_to_activate(category)

    [found] = judged(record, changed(record, PLAN, status="active", **content))

    through = "lag (2017:612) 4 kap. 2 §; " if category == codes.PLAN_CATEGORY_DISCHARGE else ""
    assert found.rule == rule
    assert found.basis == (basis if basis.startswith("agreed") else through + basis)


@pytest.mark.parametrize("what", LACKING)
@pytest.mark.parametrize("status", ["active", "on-hold"])
def test_a_running_plan_is_not_revised_into_one_that_lacks_it(what: str, status: str) -> None:
    content, rule, _ = LACKING[what]
    record = an_active_plan()

    assert rules(judged(record, changed(record, PLAN, status=status, **content))) == [rule]


@pytest.mark.parametrize(
    ("what", "setting"),
    [
        ("the region's interventions", "interventions_from_both_principals"),
        ("a follow-up date", "follow_up_date_required"),
        ("what matters", "what_matters_required"),
    ],
)
def test_what_a_county_has_not_agreed_on_is_not_refused(what: str, setting: str) -> None:
    record = a_plan_ready_to_activate()

    assert (
        judged(
            record,
            changed(record, PLAN, status="active", **LACKING[what][0]),
            agreed=AgreedPractice(**{setting: False}),
        )
        == []
    )


def test_what_the_law_demands_cannot_be_switched_off() -> None:
    record = a_plan_ready_to_activate()
    nothing = AgreedPractice(
        follow_up_date_required=False, what_matters_required=False, interventions_from_both_principals=False
    )

    found = judged(record, changed(record, PLAN, status="active", activity=None), agreed=nothing)

    assert rules(found) == ["plan-interventions", "plan-actions-by-others"]


@given(st.sets(st.sampled_from([NURSING, MEDICINE, NEIGHBOUR, FOLLOW_UP, "author", "supportingInfo"])))
def test_whatever_is_taken_away_is_named_and_nothing_else_is(taken: set[str]) -> None:
    record = a_plan_ready_to_activate()
    content = without_activity(*taken) | dict.fromkeys(taken & {"author", "supportingInfo"})

    found = rules(judged(record, changed(record, PLAN, status="active", **content)))

    expected = {"plan-interventions"} if {NURSING, MEDICINE} <= taken else set()
    expected |= {"plan-interventions-of-both"} if len({NURSING, MEDICINE} & taken) == 1 else set()
    expected |= {"plan-actions-by-others"} if NEIGHBOUR in taken else set()
    expected |= {"plan-follow-up-date"} if FOLLOW_UP in taken else set()
    expected |= {"plan-overall-responsibility"} if "author" in taken else set()
    expected |= {"plan-what-matters"} if "supportingInfo" in taken else set()
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("owner", [None, "PractitionerRole/nobody", "Organization/adrift", PERSON])
def test_an_intervention_nobody_answers_for_is_named_with_its_place(owner: str | None) -> None:
    record = a_plan_ready_to_activate()
    record[MEDICINE] = changed(record, MEDICINE, owner=to(owner) if owner else None)

    [found] = judged(record, activated(record))

    assert (found.rule, found.where) == ("plan-intervention-owner", "CarePlan.activity[1].reference")
    assert MEDICINE in found.text


def test_a_private_provider_works_for_the_region_above_it() -> None:
    record = a_plan_ready_to_activate()
    record[MEDICINE] = changed(record, MEDICINE, owner=to(PRIVATE_CENTRE))

    assert judged(record, activated(record)) == []


def test_a_municipality_outside_any_region_is_both_principals() -> None:
    record = a_plan_ready_to_activate()
    for task in (NURSING, MEDICINE):
        record[task] = changed(record, task, owner=to("Organization/island-care"))
    island = to("PractitionerRole/island-nurse")
    record["CareTeam/team"] = a_team_of("PractitionerRole/island-nurse")

    assert judged(record, changed(record, PLAN, status="active", author=island, contributor=None)) == []


def test_a_plan_made_by_one_principal_alone_is_refused() -> None:
    record = a_plan_ready_to_activate()
    record[MEDICINE] = changed(record, MEDICINE, owner=to("Organization/home-care"))

    found = judged(
        record,
        changed(record, PLAN, status="active", contributor=None),
        agreed=AgreedPractice(interventions_from_both_principals=False),
    )

    assert [(one.rule, one.basis) for one in found] == [
        ("plan-both-principals", "HSL 16 kap. 4 §; SoL 10 kap. 8 §")
    ]
    assert "region" in found[0].text


def test_who_answers_over_all_is_a_party_without_being_named_again() -> None:
    record = a_plan_ready_to_activate()
    alone = changed(record, PLAN, status="active", contributor=None, **without_activity(NURSING))

    assert judged(record, alone, agreed=AgreedPractice(interventions_from_both_principals=False)) == []


@pytest.mark.parametrize("status", ["rejected", "cancelled", "failed", "entered-in-error"])
def test_an_intervention_nobody_will_do_does_not_count(status: str) -> None:
    record = a_plan_ready_to_activate()
    for task in (NURSING, MEDICINE):
        record[task] = changed(record, task, status=status)

    assert rules(judged(record, activated(record))) == ["plan-interventions"]


def test_the_statement_that_others_do_nothing_is_enough() -> None:
    record = a_plan_ready_to_activate()
    nothing = [{"url": codes.EXT_NO_ACTIONS_BY_OTHERS, "valueBoolean": True}]

    assert (
        judged(
            record, changed(record, PLAN, status="active", extension=nothing, **without_activity(NEIGHBOUR))
        )
        == []
    )


def test_a_plan_cannot_say_that_others_do_nothing_and_name_what_they_do() -> None:
    record = a_plan_ready_to_activate()
    nothing = [{"url": codes.EXT_NO_ACTIONS_BY_OTHERS, "valueBoolean": True}]

    assert rules(judged(record, changed(record, PLAN, status="active", extension=nothing))) == [
        "plan-actions-by-others"
    ]


def test_a_person_who_did_not_want_to_say_what_matters_has_been_asked() -> None:
    record = a_plan_ready_to_activate()
    record[WORDS] = changed(record, WORDS, valueString=None, dataAbsentReason=codes.ASKED_DECLINED.concept())

    assert judged(record, activated(record)) == []


@pytest.mark.parametrize(
    "words",
    [
        {"valueString": "  "},
        {"valueString": None},
        {"status": "preliminary"},
        {"status": "entered-in-error"},
        {"code": {"text": "puls"}},
        {
            "valueString": None,
            "dataAbsentReason": {"coding": [{"system": codes.ASKED_DECLINED.system, "code": "unknown"}]},
        },
    ],
)
def test_an_answer_that_says_nothing_is_no_answer(words: dict[str, Any]) -> None:
    record = a_plan_ready_to_activate()
    record[WORDS] = changed(record, WORDS, **words)

    assert rules(judged(record, activated(record))) == ["plan-what-matters"]


def test_a_follow_up_without_a_date_is_no_date() -> None:
    record = a_plan_ready_to_activate()
    record[FOLLOW_UP] = changed(record, FOLLOW_UP, restriction=None)

    assert rules(judged(record, activated(record))) == ["plan-follow-up-date"]


def test_a_plan_being_created_is_known_by_its_place_in_the_record() -> None:
    record = a_plan_ready_to_activate()
    named = {"type": "permit", "period": {"start": "2026-01-10", "end": "2026-12-31"}}
    record[CONSENT]["provision"] = named | {"data": [{"meaning": "related", "reference": to(PLAN)}]}
    new = record[PLAN] = {name: value for name, value in activated(record).items() if name != "id"}

    assert violations(None, new, surroundings(record)) == []


def test_a_follow_up_that_is_overdue_is_still_a_date() -> None:
    record = an_active_plan()
    record[FOLLOW_UP] = changed(record, FOLLOW_UP, restriction={"period": {"end": "2025-09-01"}})

    assert judged(record, activated(record)) == []


def test_the_plan_is_written_with_its_tasks_in_one_transaction() -> None:
    record = a_plan_ready_to_activate()
    new = [key for key in record if key.partition("/")[0] in {"Task", "Observation", "CarePlan", "CareTeam"}]
    there = {key: one for key, one in record.items() if key not in new}

    assert judged(there, *(record[key] for key in new if key != PLAN), activated(record)) == []


@pytest.mark.parametrize("owner", [DOCTOR, "HealthcareService/rehabilitation", "Organization/region"])
def test_an_owner_may_be_named_by_role_service_or_giver_as_well_as_by_unit(owner: str) -> None:
    record = a_plan_ready_to_activate()
    record[MEDICINE] = changed(record, MEDICINE, owner=to(owner))

    assert judged(record, activated(record)) == []
