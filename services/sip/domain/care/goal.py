"""A person's aim: its life cycle, and that achievement is judged only once somebody works on it."""

from collections.abc import Iterator
from typing import Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.life_cycle import LifeCycle
from services.sip.domain.care.reading import codes_in
from services.sip.domain.care.violation import Violation
from services.sip.domain.held import Resource

_ENDS: Final = frozenset({"completed", "cancelled", "entered-in-error"})
LIFE: Final = LifeCycle(
    rule="goal-status",
    what="A goal",
    where="Goal.lifecycleStatus",
    begins=frozenset({"proposed", "planned", "accepted", "active", "on-hold", "completed", "cancelled"}),
    steps={
        "proposed": frozenset({"proposed", "planned", "accepted", "active", "rejected"}) | _ENDS,
        "planned": frozenset({"planned", "accepted", "active", "rejected"}) | _ENDS,
        "accepted": frozenset({"accepted", "active", "on-hold"}) | _ENDS,
        "active": frozenset({"active", "on-hold"}) | _ENDS,
        "on-hold": frozenset({"on-hold", "active"}) | _ENDS,
        "completed": frozenset({"entered-in-error"}),
        "cancelled": frozenset({"entered-in-error"}),
        "rejected": frozenset({"entered-in-error"}),
    },
)
ACHIEVEMENT: Final = "http://terminology.hl7.org/CodeSystem/goal-achievement"
_NOT_BEGUN: Final = frozenset({"proposed", "planned", "accepted", "rejected"})
_UNDER_WAY: Final = frozenset({"in-progress", "improving", "worsening"})


def goal_rules(before: Resource | None, after: Resource, _context: CareContext) -> Iterator[Violation]:
    """Judge one new version of a goal."""
    yield from LIFE.broken_by(before, after)
    status = after.get("lifecycleStatus")
    judged = codes_in(after.get("achievementStatus"), ACHIEVEMENT)
    if judged and status in _NOT_BEGUN:
        yield _mismatch(
            f"The goal is {status}, so nobody works on it yet; leave achievement out, or let it be active."
        )
    if status == "completed" and _UNDER_WAY.intersection(judged):
        yield _mismatch(
            "The goal is completed and yet under way; say whether it was achieved, or let it be active."
        )


def _mismatch(text: str) -> Violation:
    return Violation("goal-achievement", text, "Goal.achievementStatus", agreed("life_cycles_kept"))
