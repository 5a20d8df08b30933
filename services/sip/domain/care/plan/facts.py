"""What a plan says, read once for all its checks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from services.sip.domain.care.context import CareContext
from services.sip.domain.care.plan.kind import PlanKind
from services.sip.domain.care.reading import has_code, says_something, target
from services.sip.domain.codes import Code
from services.sip.domain.held import Resource

LAPSED: Final = frozenset({"rejected", "cancelled", "failed", "entered-in-error"})
"""Statuses of a Task that nobody works on and nobody will."""


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A Task that the plan's activities refer to, and where."""

    where: str
    key: str
    task: Resource


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """One plan of one kind in its surroundings."""

    plan: Resource
    kind: PlanKind
    context: CareContext

    def law(self, point: int | None = None) -> str:
        """Cite what the plan rests on; `point` is the number in both laws' list of what a plan shows."""
        if self.kind is PlanKind.LSS:
            return "LSS 10 §"
        item = f" p. {point}" if point else ""
        twins = f"HSL 16 kap. 4 §{item}; SoL 10 kap. 8 §{item}"
        return f"lag (2017:612) 4 kap. 2 §; {twins}" if self.kind is PlanKind.DISCHARGE else twins

    def tasks(self, code: Code) -> Iterator[PlannedTask]:
        """Give the plan's Tasks of one code that somebody is to work on, or has."""
        for number, activity in enumerate(self.plan.get("activity", ())):
            key = target(activity.get("reference")) or ""
            task = self.context.person.get(key)
            if task and has_code(task.get("code"), code) and task.get("status") not in LAPSED:
                yield PlannedTask(f"CarePlan.activity[{number}].reference", key, task)


def due(task: Resource) -> str | None:
    """Give the date by which a Task is to be done."""
    end = task.get("restriction", {}).get("period", {}).get("end")
    return end if says_something(end) else None
