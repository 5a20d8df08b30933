"""Tasks of a plan: interventions, what others do, follow-ups with their date."""

from copy import deepcopy
from datetime import date

from services.sip.domain.building.scribe import Scribe, to
from services.sip.domain.codes import TASK_ACTION_BY_OTHER, TASK_FOLLOW_UP, TASK_INTERVENTION, Code
from services.sip.domain.held import Resource


def intervention(scribe: Scribe, plan: str, text: str, owner: str, due: date | None) -> Resource:
    """Build the Task of an intervention, asked of the unit that answers for it."""
    return _task(scribe, plan, TASK_INTERVENTION, text) | {"owner": to(owner)} | _within(due)


def action_by_other(scribe: Scribe, plan: str, text: str, who: str) -> Resource:
    """Build the Task of what somebody else than region and municipality does, named in words."""
    return _task(scribe, plan, TASK_ACTION_BY_OTHER, text) | {"owner": {"display": who}}


def follow_up(scribe: Scribe, plan: str, on: date, owner: str) -> Resource:
    """Build the Task of following the plan up, on a date."""
    return _task(scribe, plan, TASK_FOLLOW_UP, "Uppföljning av planen") | {"owner": to(owner)} | _within(on)


def moved(task: Resource, on: date) -> Resource:
    """Give a task another date."""
    changed = deepcopy(task)
    period = {**changed.get("restriction", {}).get("period", {}), "end": on.isoformat()}
    changed["restriction"] = {**changed.get("restriction", {}), "period": period}
    return changed


def done(task: Resource) -> Resource:
    """Say that it was done."""
    return deepcopy(task) | {"status": "completed"}


def _within(due: date | None) -> Resource:
    return {"restriction": {"period": {"end": due.isoformat()}}} if due else {}


def _task(scribe: Scribe, plan: str, code: Code, text: str) -> Resource:
    return scribe.new(
        "Task",
        basedOn=[to(plan)],
        status="requested",
        intent="plan",
        code=code.concept(),
        description=text,
        **{"for": to(scribe.person)},
        authoredOn=scribe.moment,
        requester=to(scribe.who),
    )
