"""How the work with a coordinated plan goes, from consent to follow-up: one person's plans, over twelve months.

Ours, as no national definition of the process was found: Öppna jämförelser asks for routines, not for what is done.
Days are counted from the consent, for every plan alike. The law's own clock, three days to call after the notice that
somebody can leave hospital (lag (2017:612) 4 kap.), starts elsewhere and is watched case by case, not here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from services.sip.domain.continuity.listed_unit import months_before
from services.sip.domain.moments import SWEDEN

MONTHS: Final = 12
CALL_WITHIN_DAYS: Final = 3
ENDED: Final = frozenset({"completed", "revoked"})
CALL_IN_TIME: Final = "call-in-time"
WHAT_MATTERS: Final = "what-matters-recorded"
FOLLOWED_UP_IN_TIME: Final = "followed-up-in-time"
ENDED_WITH_REASON: Final = "ended-with-reason"
QUESTIONS: Final = (CALL_IN_TIME, WHAT_MATTERS, FOLLOWED_UP_IN_TIME, ENDED_WITH_REASON)
"""What is answered by yes or no for each person."""


@dataclass(frozen=True, slots=True)
class PlanProcess:
    """The dates and counts of one plan, as far as the record holds them."""

    status: str
    begun: datetime | None = None
    consented: datetime | None = None
    called: datetime | None = None
    invited: int = 0
    came: int = 0
    met: datetime | None = None
    asked_what_matters: bool = False
    due: datetime | None = None
    followed_up: datetime | None = None
    goals: int = 0
    reached: int = 0
    ended: datetime | None = None
    reason_given: bool = False


def days_to_call(plan: PlanProcess) -> int | None:
    """Count days by the calendar in Sweden from consent to call; None without both, or called before consent."""
    if plan.consented is None or plan.called is None:
        return None
    days = (plan.called.astimezone(SWEDEN).date() - plan.consented.astimezone(SWEDEN).date()).days
    return days if days >= 0 else None


def call_days(plans: Sequence[PlanProcess], now: datetime) -> Fraction | None:
    """Give the mean days from consent to call over a person's calls of the last twelve months."""
    days = [days_to_call(one) for one in plans if _recent(one.called, now)]
    return _mean([Fraction(one) for one in days if one is not None])


def attendance(plans: Sequence[PlanProcess], now: datetime) -> Fraction | None:
    """Give the share of those invited who came to a person's meetings of the last twelve months."""
    held = [one for one in plans if _recent(one.met, now)]
    return _share(sum(one.came for one in held), sum(one.invited for one in held))


def goals_reached(plans: Sequence[PlanProcess], now: datetime) -> Fraction | None:
    """Give the share of goals reached in a person's plans that ended in the last twelve months."""
    ended = [one for one in plans if one.status in ENDED and _recent(one.ended, now)]
    return _share(sum(one.reached for one in ended), sum(one.goals for one in ended))


def answers(plans: Sequence[PlanProcess], now: datetime) -> dict[str, bool]:
    """Answer each question the person's plans of the last twelve months allow: yes only if yes for each plan."""
    called = [days for one in plans if _recent(one.called, now) and (days := days_to_call(one)) is not None]
    begun = [one for one in plans if one.status != "draft" and _recent(one.begun, now)]
    due = [one for one in plans if one.status != "draft" and _recent(one.due, now)]
    ended = [one for one in plans if one.status in ENDED and _recent(one.ended, now)]
    judged = {
        CALL_IN_TIME: [days <= CALL_WITHIN_DAYS for days in called],
        WHAT_MATTERS: [one.asked_what_matters for one in begun],
        FOLLOWED_UP_IN_TIME: [_in_time(one) for one in due],
        ENDED_WITH_REASON: [one.reason_given for one in ended],
    }
    return {question: all(found) for question, found in judged.items() if found}


def _in_time(plan: PlanProcess) -> bool:
    return plan.followed_up is not None and plan.due is not None and plan.followed_up < plan.due


def _recent(at: datetime | None, now: datetime) -> bool:
    return at is not None and months_before(now, MONTHS) < at <= now


def _share(part: int, whole: int) -> Fraction | None:
    return Fraction(part, whole) if whole else None


def _mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None
