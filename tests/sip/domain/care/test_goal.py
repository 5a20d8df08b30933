"""Goals live, are worked on, and are judged in that order."""

from itertools import product

import pytest

from services.sip.domain.care.goal import ACHIEVEMENT
from services.sip.domain.codes import Code
from tests.sip.domain.care.scenarios import PERSON, Record, a_person, changed, judged, of, rules, to

GOAL = "Goal/home"
STATUSES = [
    "proposed", "planned", "accepted", "active", "on-hold", "completed", "cancelled", "rejected", "entered-in-error",
]  # fmt: skip
ENDED = {"completed", "cancelled", "rejected", "entered-in-error"}


def with_goal(status: str, achievement: str | None = None) -> Record:
    goal = of(GOAL, lifecycleStatus=status, subject=to(PERSON), description={"text": "Gå till brevlådan"})
    if achievement:
        goal[GOAL]["achievementStatus"] = Code(ACHIEVEMENT, achievement).concept()
    return a_person() | goal


@pytest.mark.parametrize(("old", "new"), [pair for pair in product(STATUSES, STATUSES) if pair[0] in ENDED])
def test_a_goal_that_ended_only_turns_out_to_be_an_error(old: str, new: str) -> None:
    record = with_goal(old)

    found = rules(judged(record, changed(record, GOAL, lifecycleStatus=new)))

    assert (found == []) == (new == "entered-in-error" and old != "entered-in-error")


@pytest.mark.parametrize(
    ("old", "new"),
    [("proposed", "active"), ("planned", "rejected"), ("accepted", "active"), ("active", "completed")],
)
def test_a_goal_is_taken_up_and_carried_through(old: str, new: str) -> None:
    record = with_goal(old)

    assert judged(record, changed(record, GOAL, lifecycleStatus=new)) == []


def test_an_active_goal_is_not_a_proposal_again() -> None:
    record = with_goal("active")

    [found] = judged(record, changed(record, GOAL, lifecycleStatus="proposed"))

    assert (found.rule, found.where) == ("goal-status", "Goal.lifecycleStatus")


@pytest.mark.parametrize("status", ["proposed", "planned", "accepted"])
def test_nobody_judges_a_goal_that_nobody_works_on(status: str) -> None:
    record = with_goal(status, "in-progress")

    [found] = judged(a_person(), record[GOAL])

    assert (found.rule, found.where) == ("goal-achievement", "Goal.achievementStatus")


@pytest.mark.parametrize(
    ("achievement", "sound"), [("achieved", True), ("not-achieved", True), ("improving", False)]
)
def test_a_completed_goal_is_not_under_way(achievement: str, sound: bool) -> None:  # noqa: FBT001
    found = rules(judged(a_person(), with_goal("completed", achievement)[GOAL]))

    assert found == ([] if sound else ["goal-achievement"])


def test_a_goal_being_worked_on_may_improve() -> None:
    assert judged(a_person(), with_goal("active", "improving")[GOAL]) == []
