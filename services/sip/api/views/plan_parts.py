"""The parts of a plan as plain JSON: goals, tasks, follow-ups, team."""

from datetime import datetime

from services.sip.api.models.plan import (
    Answered,
    FollowedUp,
    FollowUps,
    Goal,
    Intervention,
    Member,
    OthersAction,
)
from services.sip.api.views.places import Directory, name_of, staff_of
from services.sip.domain.building.goal import ACHIEVEMENT
from services.sip.domain.care.reading import codes_in, has_code, target
from services.sip.domain.codes import ASKED_DECLINED
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of
from services.sip.domain.resource_types import values_at

NOT_ANY_MORE = frozenset({"cancelled", "rejected", "failed", "entered-in-error"})


def goal_view(goal: Resource) -> Goal:
    """Tell of a Goal."""
    judged = codes_in(goal.get("achievementStatus"), ACHIEVEMENT)
    return Goal(
        id=goal["id"],
        text=goal.get("description", {}).get("text", ""),
        status=goal.get("lifecycleStatus", ""),
        reached=("achieved" in judged) if judged else None,
    )


def intervention_view(task: Resource, directory: Directory) -> Intervention:
    """Tell of an intervention, with the unit behind its owner."""
    owner = staff_of(task.get("owner"), directory)
    return Intervention(
        id=task["id"],
        text=task.get("description", ""),
        status=task.get("status", ""),
        due=due_of(task),
        responsible=owner.unit if owner else None,
    )


def others_view(task: Resource, people: dict[str, Resource], directory: Directory) -> OthersAction:
    """Tell what somebody else does; who may be named in words, or be a relative or the person."""
    owner = task.get("owner", {})
    known = people.get(target(owner) or "")
    staff = staff_of(owner, directory)
    who = (
        name_of(known)
        if known
        else (staff.name or (staff.unit.name if staff.unit else None))
        if staff
        else None
    )
    return OthersAction(id=task["id"], text=task.get("description", ""), who=who)


def answer_view(observation: Resource) -> Answered:
    """Tell what matters."""
    return Answered(
        text=observation.get("valueString"),
        declined=has_code(observation.get("dataAbsentReason"), ASKED_DECLINED),
    )


def due_of(task: Resource) -> str | None:
    """Give the date by which it is to be done, as it is written."""
    due = task.get("restriction", {}).get("period", {}).get("end")
    return str(due) if due else None


def follow_ups_view(tasks: list[Resource], outcomes: list[Resource], now: datetime) -> FollowUps:
    """Tell when the plan is followed up next, whether that day is over, and how it went before."""
    planned = [one for one in tasks if one.get("status") not in NOT_ANY_MORE | {"completed"}]
    next_on = min((due for one in planned if (due := due_of(one))), default=None)
    held = [FollowedUp(id=one["id"], on=one.get("authored"), text=" ".join(_said(one))) for one in outcomes]
    return FollowUps(next_on=next_on, overdue=bool(next_on) and span_of(next_on or "")[1] <= now, held=held)


def _said(outcome: Resource) -> list[str]:
    return [str(one) for one in values_at(outcome, "item.answer.valueString")]


def member_view(participant: Resource, people: dict[str, Resource], directory: Directory) -> Member:
    """Tell of somebody who takes part."""
    who = participant.get("member", {})
    known = people.get(target(who) or "")
    staff = staff_of(who, directory)
    period = participant.get("period", {})
    roles = [one.get("text") for one in participant.get("role", ()) if one.get("text")]
    unit = staff.unit if staff else None
    return Member(
        name=name_of(known) if known else (staff.name if staff else None),
        role=", ".join(roles) or None,
        employee=staff.employee if staff else None,
        unit=unit,
        from_=period.get("start"),
        until=period.get("end"),
    )
