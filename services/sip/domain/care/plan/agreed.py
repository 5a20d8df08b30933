"""What a plan shows beyond the law, by agreement: a date to follow up, and what matters to the person."""

from collections.abc import Iterator

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.plan.facts import PlanFacts, due
from services.sip.domain.care.reading import target
from services.sip.domain.care.violation import Violation
from services.sip.domain.care.what_matters import answers
from services.sip.domain.codes import TASK_FOLLOW_UP


def follow_up_date(facts: PlanFacts) -> Iterator[Violation]:
    """A date on which the plan is followed up; it may have passed, then the follow-up is overdue."""
    if not any(due(planned.task) for planned in facts.tasks(TASK_FOLLOW_UP)):
        yield Violation(
            "plan-follow-up-date",
            "Nobody can see when the plan is followed up; add a Task with code follow-up and "
            "restriction.period.end, and refer to it from an activity.",
            "CarePlan.activity",
            agreed("follow_up_date_required"),
        )


def what_matters(facts: PlanFacts) -> Iterator[Violation]:
    """The person was asked what matters; "did not want to say" is an answer."""
    told = (facts.context.person.get(target(one) or "") for one in facts.plan.get("supportingInfo", ()))
    if not any(answers(one) for one in told if one):
        yield Violation(
            "plan-what-matters",
            "Nobody has noted what matters to the person; refer from supportingInfo to an Observation with "
            "code what-matters, in own words or with dataAbsentReason asked-declined.",
            "CarePlan.supportingInfo",
            agreed("what_matters_required"),
        )
