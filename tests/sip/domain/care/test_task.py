"""Tasks of a plan: whose step each is, and what changing hands means."""

from typing import Any

import pytest

from services.sip.domain import codes
from services.sip.domain.care import AgreedPractice
from services.sip.domain.care.task.steps import STEPS, Role
from tests.sip.domain.care.county import HEALTH_CENTRE, HOME_CARE, HOME_NURSING, hsa_id
from tests.sip.domain.care.scenarios import (
    DAUGHTER,
    FOLLOW_UP,
    MEDICINE,
    NEIGHBOUR,
    PLAN,
    Record,
    a_plan_ready_to_activate,
    changed,
    judged,
    of,
    rules,
    to,
)

OWNER, REQUESTER, STRANGER = hsa_id(HEALTH_CENTRE), hsa_id(HOME_NURSING), hsa_id(HOME_CARE)


def with_task(status: str, **content: Any) -> Record:
    record = a_plan_ready_to_activate()
    record[MEDICINE] |= {"status": status, **content}
    return record


STEPS_TAKEN = [(old, new, role) for old, following in STEPS.items() for new, role in following.items()]
BY_STATUS_ALONE = [(old, new, role) for old, new, role in STEPS_TAKEN if new != "requested" or old == "draft"]


@pytest.mark.parametrize(("old", "new", "role"), BY_STATUS_ALONE)
def test_each_step_is_taken_by_its_own_role(old: str, new: str, role: Role) -> None:
    record = with_task(old)
    step = changed(record, MEDICINE, status=new)
    may = {Role.OWNER: {OWNER}, Role.REQUESTER: {REQUESTER}, Role.EITHER: {OWNER, REQUESTER}}[role]

    for actor in (OWNER, REQUESTER, STRANGER):
        assert rules(judged(record, step, actor=actor)) == ([] if actor in may else ["task-not-theirs"])


STATUSES = [*STEPS, "entered-in-error"]


@pytest.mark.parametrize("old", STATUSES)
@pytest.mark.parametrize("new", STATUSES)
def test_a_task_takes_no_step_its_table_does_not_have(old: str, new: str) -> None:
    record = with_task(old)

    found = rules(judged(record, changed(record, MEDICINE, status=new)))

    stays = old == new and old in {
        "draft",
        "requested",
        "received",
        "accepted",
        "ready",
        "in-progress",
        "on-hold",
        "rejected",
    }
    assert ("task-status" in found) == (not stays and new not in STEPS.get(old, {}))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("requested", "failed"),
        ("requested", "draft"),
        ("accepted", "rejected"),
        ("in-progress", "rejected"),
        ("rejected", "completed"),
        ("completed", "in-progress"),
        ("failed", "completed"),
        ("cancelled", "requested"),
        ("entered-in-error", "requested"),
    ],
)
def test_some_steps_nobody_takes(old: str, new: str) -> None:
    record = with_task(old)

    assert "task-status" in rules(judged(record, changed(record, MEDICINE, status=new)))


def test_who_is_asked_is_named_when_somebody_else_tries() -> None:
    record = with_task("requested")

    [found] = judged(record, changed(record, MEDICINE, status="accepted"), actor=STRANGER)

    assert OWNER in found.text
    assert (found.where, found.basis) == ("Task.status", "agreed practice: setting task_roles_kept")


def test_the_unit_that_answers_over_the_plan_may_withdraw_a_task_somebody_else_asked_for() -> None:
    record = with_task("accepted", requester=to("Organization/home-care"))

    assert judged(record, changed(record, MEDICINE, status="cancelled"), actor=REQUESTER) == []


def test_a_relatives_task_is_told_by_whoever_hears_of_it() -> None:
    record = a_plan_ready_to_activate()

    assert judged(record, changed(record, NEIGHBOUR, status="completed"), actor=STRANGER) == []


def test_a_task_a_relative_asked_for_is_withdrawn_by_whoever_hears_of_it() -> None:
    record = with_task("accepted", requester=to(DAUGHTER))

    assert judged(record, changed(record, MEDICINE, status="cancelled"), actor=STRANGER) == []


def test_nobody_makes_themselves_the_requester_to_withdraw_a_task() -> None:
    record = with_task("accepted")
    own = changed(record, MEDICINE, status="cancelled", requester=to(HOME_CARE), basedOn=None)

    assert rules(judged(record, own, actor=STRANGER)) == ["task-not-theirs"]


def test_who_acts_is_not_looked_at_where_nobody_says() -> None:
    record = with_task("requested")

    assert judged(record, changed(record, MEDICINE, status="accepted")) == []


def test_a_county_may_let_anyone_in_the_team_move_tasks_on() -> None:
    record = with_task("requested")
    step = changed(record, MEDICINE, status="accepted")

    assert judged(record, step, actor=STRANGER, agreed=AgreedPractice(task_roles_kept=False)) == []


def test_describing_a_task_better_is_nobodys_step() -> None:
    record = with_task("accepted")

    assert (
        judged(record, changed(record, MEDICINE, description="Blodtryck varje vecka"), actor=STRANGER) == []
    )


@pytest.mark.parametrize("old", ["requested", "received", "accepted", "in-progress", "on-hold", "rejected"])
def test_a_task_is_handed_over_by_requesting_it_of_the_new_owner(old: str) -> None:
    record = with_task(old)

    handed = changed(record, MEDICINE, owner=to(HOME_CARE), status="requested")

    assert judged(record, handed, actor=REQUESTER) == []
    assert rules(judged(record, handed, actor=OWNER)) == ["task-not-theirs"]


@pytest.mark.parametrize("status", ["accepted", "in-progress", "completed"])
def test_a_new_owner_has_not_accepted_yet(status: str) -> None:
    record = with_task("accepted")

    assert "task-owner-changed" in rules(
        judged(record, changed(record, MEDICINE, owner=to(HOME_CARE), status=status))
    )


def test_a_draft_is_given_to_anyone() -> None:
    record = with_task("draft")

    assert judged(record, changed(record, MEDICINE, owner=to(HOME_CARE)), actor=REQUESTER) == []


def test_the_same_owner_is_not_asked_twice() -> None:
    record = with_task("rejected")

    assert rules(judged(record, changed(record, MEDICINE, status="requested"))) == ["task-requested-again"]


def test_a_task_stays_what_it_is() -> None:
    record = with_task("accepted")

    found = judged(record, changed(record, MEDICINE, code=codes.TASK_CONSULTATION.concept()))

    assert rules(found) == ["task-code-changed"]
    assert rules(judged(record, changed(record, MEDICINE, code={"text": "annat"}))) == ["task-code-changed"]


def test_the_time_for_a_task_does_not_end_before_it_begins() -> None:
    record = with_task("accepted")
    reversed_time = {"period": {"start": "2026-05-01", "end": "2026-04-01"}}

    [found] = judged(record, changed(record, MEDICINE, restriction=reversed_time))

    assert (found.rule, found.where) == ("task-period-reversed", "Task.restriction.period")


def test_a_follow_up_has_a_date() -> None:
    record = a_plan_ready_to_activate()

    [found] = judged(record, changed(record, FOLLOW_UP, restriction=None))

    assert (found.rule, found.basis) == (
        "task-follow-up-date",
        "agreed practice: setting follow_up_date_required",
    )


def test_a_task_of_another_kind_is_stored_as_what_it_is() -> None:
    record = a_plan_ready_to_activate() | of(
        "Task/other", status="failed", intent="order", code={"text": "Remiss"}
    )

    assert judged(record, changed(record, "Task/other", status="draft"), actor=STRANGER) == []


def test_owner_and_requester_of_one_unit_take_every_step() -> None:
    record = with_task("requested", owner=to(HOME_NURSING))

    for status in ("accepted", "cancelled", "entered-in-error"):
        assert judged(record, changed(record, MEDICINE, status=status), actor=REQUESTER) == []


def test_a_task_without_a_known_requester_is_not_held_back() -> None:
    record = with_task("accepted", requester=to(DAUGHTER))
    del record[PLAN]
    record[MEDICINE].pop("basedOn")

    assert judged(record, changed(record, MEDICINE, status="cancelled"), actor=STRANGER) == []
