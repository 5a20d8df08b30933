"""How a plan lives and ends, and that what it stands on is not taken away beneath it."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.sip.domain import codes
from services.sip.domain.care import AgreedPractice
from services.sip.domain.codes import Code
from tests.sip.domain.care.county import HOME_CARE
from tests.sip.domain.care.scenarios import (
    FOLLOW_UP,
    MEDICINE,
    NEIGHBOUR,
    NURSING,
    PERSON,
    PLAN,
    WORDS,
    Resource,
    a_plan_ready_to_activate,
    a_task,
    an_active_plan,
    changed,
    judged,
    rules,
    to,
)

STATUSES = ["draft", "active", "on-hold", "completed", "revoked", "entered-in-error", "unknown"]
ALLOWED = {
    ("draft", "draft"), ("draft", "active"), ("draft", "revoked"), ("draft", "entered-in-error"),
    ("active", "active"), ("active", "on-hold"), ("active", "completed"), ("active", "revoked"),
    ("active", "entered-in-error"),
    ("on-hold", "on-hold"), ("on-hold", "active"), ("on-hold", "completed"), ("on-hold", "revoked"),
    ("on-hold", "entered-in-error"),
    ("completed", "entered-in-error"), ("revoked", "entered-in-error"),
}  # fmt: skip


def ended(code: str = "goals-reached") -> list[Resource]:
    reason = Code(codes.PLAN_END_REASON, code).concept()
    return [{"url": codes.EXT_END_REASON, "valueCodeableConcept": reason}]


@pytest.mark.parametrize(("old", "new"), list(product(STATUSES, STATUSES)))
def test_a_plan_takes_the_steps_of_its_life_cycle_and_no_other(old: str, new: str) -> None:
    record = a_plan_ready_to_activate()
    record[PLAN] |= {"status": old, "extension": ended()}

    found = rules(judged(record, changed(record, PLAN, status=new)))

    assert found == ([] if (old, new) in ALLOWED else ["plan-status"])


@given(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=8))
def test_no_way_leads_back_from_an_end(wanted: list[str]) -> None:
    record = a_plan_ready_to_activate()
    lived = ["draft"]
    for status in wanted:
        plan = changed(record, PLAN, status=status, extension=ended())
        if not judged(record, plan):
            record[PLAN] = plan
            lived.append(status)

    after_end = [
        one for one, earlier in zip(lived[1:], lived, strict=False) if earlier in {"completed", "revoked"}
    ]
    assert set(after_end) <= {"entered-in-error"}
    assert "entered-in-error" not in lived[:-1]


@pytest.mark.parametrize("status", ["completed", "revoked", "entered-in-error"])
def test_an_ended_plan_is_not_rewritten(status: str) -> None:
    record = a_plan_ready_to_activate()
    record[PLAN] |= {"status": status, "extension": ended()}

    [found] = judged(record, changed(record, PLAN, title="Nytt namn"))

    assert (found.rule, found.where) == ("plan-status", "CarePlan.status")
    assert "not rewritten" in found.text


@pytest.mark.parametrize("status", ["completed", "revoked"])
@pytest.mark.parametrize("extension", [None, ended("because"), [{"url": codes.EXT_END_REASON}]])
def test_a_plan_that_ends_says_why(status: str, extension: list[Resource] | None) -> None:
    record = an_active_plan()
    plan = changed(record, PLAN, status=status, extension=extension)

    [found] = judged(record, plan)

    assert (found.rule, found.basis) == ("plan-end-reason", "agreed practice: setting end_reason_required")
    assert judged(record, plan, agreed=AgreedPractice(end_reason_required=False)) == []


def test_a_plan_may_end_though_it_lacks_what_an_active_one_needs() -> None:
    record = an_active_plan()

    assert judged(record, changed(record, PLAN, status="revoked", activity=None, extension=ended())) == []


def test_a_completed_plan_from_an_earlier_system_held_what_the_law_demands() -> None:
    record = a_plan_ready_to_activate()
    plan = record.pop(PLAN) | {"status": "completed", "extension": ended()}

    assert judged(record, plan) == []
    assert rules(judged(record, plan | {"author": {}})) == ["plan-overall-responsibility"]


@pytest.mark.parametrize("status", ["entered-in-error", "unknown"])
def test_a_plan_cannot_begin_where_it_ends(status: str) -> None:
    record = a_plan_ready_to_activate()
    plan = record.pop(PLAN)

    assert rules(judged(record, plan | {"status": status})) == ["plan-status"]


@pytest.mark.parametrize(
    "category",
    [[{"text": "Vårdplan"}], [codes.PLAN_CATEGORY_LSS.concept()], [codes.PLAN_CATEGORY_DISCHARGE.concept()]],
)
def test_an_active_plan_does_not_leave_its_law_by_changing_category(category: list[Resource]) -> None:
    record = an_active_plan()

    [found] = judged(record, changed(record, PLAN, category=category))

    assert (found.rule, found.basis) == ("plan-kind-changed", "HSL 16 kap. 4 §; SoL 10 kap. 8 §")


def test_a_draft_may_still_become_another_kind() -> None:
    record = a_plan_ready_to_activate()

    assert judged(record, changed(record, PLAN, category=[codes.PLAN_CATEGORY_LSS.concept()])) == []


def test_a_plan_of_another_kind_becomes_a_sip_under_the_rules_of_a_sip() -> None:
    record = an_active_plan()
    sip = changed(record, PLAN, activity=None)
    record[PLAN] |= {"category": [{"text": "Vårdplan"}]}

    assert "plan-interventions" in rules(judged(record, sip))


def test_a_revision_may_not_shut_out_the_unit_that_answers_over_all() -> None:
    record = an_active_plan()

    found = judged(record, changed(record, PLAN, author=to(HOME_CARE)))

    assert [(one.rule, one.where) for one in found] == [("team-without-author", "CarePlan.careTeam")]


TAKEN_AWAY: list[tuple[str, dict[str, Any], str]] = [
    (MEDICINE, {"status": "cancelled"}, "plan-interventions-of-both"),
    (MEDICINE, {"status": "entered-in-error"}, "plan-interventions-of-both"),
    (MEDICINE, {"owner": None, "status": "requested"}, "plan-intervention-owner"),
    (NEIGHBOUR, {"status": "cancelled"}, "plan-actions-by-others"),
    (FOLLOW_UP, {"status": "cancelled"}, "plan-follow-up-date"),
    (WORDS, {"status": "entered-in-error"}, "plan-what-matters"),
    (WORDS, {"status": "cancelled"}, "plan-what-matters"),
]


@pytest.mark.parametrize(("key", "content", "rule"), TAKEN_AWAY)
def test_what_a_running_plan_stands_on_is_not_taken_away(
    key: str, content: dict[str, Any], rule: str
) -> None:
    record = an_active_plan()

    [found] = judged(record, changed(record, key, **content))

    assert (found.rule, found.where) == (rule, key.partition("/")[0])
    assert PLAN in found.text


@pytest.mark.parametrize(("key", "content", "rule"), TAKEN_AWAY)
def test_a_draft_stands_on_nothing_yet(key: str, content: dict[str, Any], rule: str) -> None:
    record = a_plan_ready_to_activate()

    assert rule not in rules(judged(record, changed(record, key, **content)))


def test_an_owner_may_say_no_though_the_plan_then_lacks_it() -> None:
    record = an_active_plan()
    declined = changed(record, MEDICINE, status="rejected")

    assert judged(record, declined) == []
    assert rules(judged(record | {MEDICINE: declined}, changed(record, PLAN, title="Reviderad"))) == [
        "plan-interventions-of-both"
    ]


def test_a_task_is_replaced_together_with_the_plan() -> None:
    record = an_active_plan()
    [other] = a_task("Task/other-medicine", codes.TASK_INTERVENTION, "Organization/health-centre").values()
    activity = [{"reference": to(key)} for key in (NURSING, "Task/other-medicine", NEIGHBOUR, FOLLOW_UP)]

    written = (other, changed(record, MEDICINE, status="cancelled"), changed(record, PLAN, activity=activity))

    assert judged(record, *written) == []


def test_what_a_plan_lacks_already_is_not_held_against_another_change() -> None:
    record = an_active_plan()
    record[FOLLOW_UP] = changed(record, FOLLOW_UP, status="failed")

    assert judged(record, changed(record, NURSING, status="in-progress")) == []


def test_ending_is_final_only_where_that_is_agreed() -> None:
    record = an_active_plan()
    record[PLAN]["status"] = "completed"

    assert (
        judged(record, changed(record, PLAN, status="active"), agreed=AgreedPractice(life_cycles_kept=False))
        == []
    )


def test_a_person_alone_has_nothing_that_could_be_broken() -> None:
    record = a_plan_ready_to_activate()

    assert judged({}, record[PERSON]) == []
