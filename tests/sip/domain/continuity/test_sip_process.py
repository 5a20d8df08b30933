"""The process of a coordinated plan as figures: the worked examples that the Measures quote."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from services.sip.domain.continuity.sip_process import (
    PlanProcess,
    answers,
    attendance,
    call_days,
    days_to_call,
    goals_reached,
)

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def test_days_to_call_are_days_of_the_calendar_in_sweden() -> None:
    # 23:30 and 00:30 in Sweden are two days, though an hour apart; both are the same day in UTC.
    late, early = datetime(2026, 6, 1, 21, 30, tzinfo=UTC), datetime(2026, 6, 1, 22, 30, tzinfo=UTC)

    assert days_to_call(PlanProcess("active", consented=late, called=early)) == 1
    assert days_to_call(PlanProcess("active", consented=late, called=late)) == 0


@pytest.mark.parametrize(
    "plan",
    [
        PlanProcess("active", consented=ago(9)),
        PlanProcess("active", called=ago(9)),
        PlanProcess("active", consented=ago(3), called=ago(9)),
    ],
)
def test_days_to_call_are_undefined_without_both_or_in_the_wrong_order(plan: PlanProcess) -> None:
    assert days_to_call(plan) is None
    assert call_days([plan], NOW) is None
    assert "call-in-time" not in answers([plan], NOW)


def test_two_calls_after_two_and_five_days_make_three_and_a_half_and_one_was_late() -> None:
    plans = [PlanProcess("active", consented=ago(30), called=ago(days)) for days in (28, 25)]

    assert call_days(plans, NOW) == Fraction(7, 2)
    assert answers(plans[:1], NOW)["call-in-time"] is True
    assert answers(plans, NOW)["call-in-time"] is False


def test_three_of_four_came() -> None:
    met = PlanProcess("active", met=ago(20), invited=4, came=3)

    assert attendance([met], NOW) == Fraction(3, 4)
    assert attendance([], NOW) is None


def test_what_is_older_than_twelve_months_or_still_to_come_counts_no_more_and_not_yet() -> None:
    for at in (ago(366), NOW + timedelta(days=1)):
        plan = PlanProcess(
            "completed", begun=at, called=at, consented=at, met=at, invited=2, came=2, ended=at
        )
        assert answers([plan], NOW) == {}
        assert call_days([plan], NOW) is None
        assert attendance([plan], NOW) is None


def test_a_follow_up_is_in_time_until_its_day_is_over_and_late_when_nobody_made_it() -> None:
    due = ago(5)

    def verdict(followed_up: datetime | None) -> bool:
        return answers([PlanProcess("active", due=due, followed_up=followed_up)], NOW)["followed-up-in-time"]

    assert verdict(due - timedelta(seconds=1)) is True
    assert verdict(due) is False
    assert verdict(None) is False
    later = PlanProcess("active", due=NOW + timedelta(days=1))
    assert "followed-up-in-time" not in answers([later], NOW)


def test_two_of_three_goals_were_reached_and_a_running_plan_is_not_judged() -> None:
    ended = PlanProcess("completed", ended=ago(10), goals=3, reached=2, reason_given=True)

    assert goals_reached([ended, PlanProcess("active", goals=5)], NOW) == Fraction(2, 3)
    assert goals_reached([PlanProcess("completed", ended=ago(10))], NOW) is None
    assert answers([ended], NOW)["ended-with-reason"] is True


def test_to_have_asked_what_matters_is_asked_of_plans_that_have_begun() -> None:
    assert answers([PlanProcess("active", begun=ago(9), asked_what_matters=True)], NOW) == {
        "what-matters-recorded": True
    }
    assert answers([PlanProcess("draft", begun=ago(9))], NOW) == {}
