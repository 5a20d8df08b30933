"""Tasks of a plan: interventions, follow-ups, others' actions and consultations, and who may move them on."""

from collections.abc import Iterator
from typing import Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.parties import unit_behind
from services.sip.domain.care.plan.facts import due
from services.sip.domain.care.reading import codes_in, has_code, target
from services.sip.domain.care.task.steps import LIFE, STEPS, Role
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import TASK, TASK_FOLLOW_UP, TASKS
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of_period
from services.sip.domain.place import hsa_id_of

_ROLES: Final = agreed("task_roles_kept")


def task_rules(before: Resource | None, after: Resource, context: CareContext) -> Iterator[Violation]:
    """Judge one new version of a Task; one with a code that is none of ours is stored as what it is."""
    if not (is_ours(after) or is_ours(before)):
        return
    yield from LIFE.broken_by(before, after)
    yield from _due_date(after)
    if before is not None:
        yield from _code_kept(before, after)
        yield from _handed_over(before, after)
        yield from _taken_by_the_right_one(before, after, context)


def is_ours(task: Resource | None) -> bool:
    """Tell whether a Task is part of a plan in our sense."""
    return task is not None and not set(TASKS).isdisjoint(codes_in(task.get("code"), TASK))


def _due_date(task: Resource) -> Iterator[Violation]:
    start, end = span_of_period(task.get("restriction", {}).get("period"))
    if start > end:
        yield Violation(
            "task-period-reversed",
            "The time for the task ends before it begins; correct start or end.",
            "Task.restriction.period",
            agreed("life_cycles_kept"),
        )
    if has_code(task.get("code"), TASK_FOLLOW_UP) and not due(task):
        yield Violation(
            "task-follow-up-date",
            "A follow-up needs its date; state it in restriction.period.end.",
            "Task.restriction.period.end",
            agreed("follow_up_date_required"),
        )


def _code_kept(before: Resource, after: Resource) -> Iterator[Violation]:
    was, now = (sorted(codes_in(task.get("code"), TASK)) for task in (before, after))
    if was != now and before.get("status") != "draft":
        yield Violation(
            "task-code-changed",
            f"The task is {', '.join(was) or 'without code'} and stays so; cancel it and write a new one.",
            "Task.code",
            agreed("life_cycles_kept"),
        )


def _handed_over(before: Resource, after: Resource) -> Iterator[Violation]:
    """A new owner has not said yes yet, so the task is requested of them anew."""
    old, new = before.get("status"), after.get("status")
    owner_changed = target(before.get("owner")) != target(after.get("owner"))
    if owner_changed and old != "draft" and new not in {"requested", "entered-in-error"}:
        yield Violation(
            "task-owner-changed",
            "The new owner has not accepted the task; set status to requested when Task.owner changes.",
            "Task.owner",
            _ROLES,
        )
    if new == "requested" and old not in {"draft", "requested"} and not owner_changed:
        yield Violation(
            "task-requested-again",
            "The task was requested of this owner already; name another, or cancel it and write a new one.",
            "Task.status",
            _ROLES,
        )


def _taken_by_the_right_one(before: Resource, after: Resource, context: CareContext) -> Iterator[Violation]:
    """Owner and requester each take their own steps; told only when the writer and that role are known."""
    if context.actor_unit is None:
        return
    old, new = before.get("status", ""), after.get("status", "")
    handed_over = target(before.get("owner")) != target(after.get("owner"))
    role = Role.REQUESTER if handed_over else STEPS.get(old, {}).get(new) if old != new else None
    if role is None:
        return
    units = _units(role, before, context)
    if units and context.actor_unit not in units:
        yield Violation(
            "task-not-theirs",
            f"This step is taken by {role.value} ({', '.join(sorted(units))}); ask them to take it.",
            "Task.owner" if handed_over else "Task.status",
            _ROLES,
        )


def _units(role: Role, task: Resource, context: CareContext) -> set[str]:
    """Give the HSA-ids of who plays the role; empty when someone who does is no unit, or not known."""
    owner = [task.get("owner")]
    plans = (context.person.get(target(one) or "", {}) for one in task.get("basedOn", ()))
    requester = [task.get("requester"), *(plan.get("author") for plan in plans)]
    named = {Role.OWNER: owner, Role.REQUESTER: requester, Role.EITHER: owner + requester}[role]
    units = [unit_behind(target(one), context) for one in named if one]
    ids = {hsa_id_of(context.directory[unit]) for unit in units if unit}
    return set() if None in units else {one for one in ids if one}
