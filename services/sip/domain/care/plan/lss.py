"""The individual plan of LSS 10 §: interventions decided and planned, others' actions, a review each year.

It rests on the person's request, not on consent, and one side may make it alone: no rule of SIP applies.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from services.sip.domain.care.plan.facts import PlanFacts, due
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import TASK_FOLLOW_UP
from services.sip.domain.moments import span_of

_A_YEAR: Final = timedelta(days=366)


def yearly_review(facts: PlanFacts) -> Iterator[Violation]:
    """The next review lies no more than a year ahead."""
    dates = [date for planned in facts.tasks(TASK_FOLLOW_UP) if (date := due(planned.task))]
    if not any(span_of(date)[0] <= facts.context.now + _A_YEAR for date in dates):
        yield Violation(
            "plan-yearly-review",
            "The plan is to be reviewed at least once a year; add a Task with code follow-up whose "
            "restriction.period.end is at most a year ahead, and refer to it from an activity.",
            "CarePlan.activity",
            facts.law(),
        )
