"""The life of a Task as a table: which status may follow which, and who takes the step.

The statuses are FHIR R4's. The owner answers for how it goes; the requester withdraws it or hands it over.
"""

from collections.abc import Mapping
from enum import Enum
from typing import Final

from services.sip.domain.care.life_cycle import LifeCycle


class Role(Enum):
    """Who takes a step."""

    OWNER = "the owner"
    REQUESTER = "the requester, or the unit that answers over the plan"
    EITHER = "the owner or the requester"


_O, _R, _E = Role.OWNER, Role.REQUESTER, Role.EITHER
_FORWARD: Final = {"accepted": _O, "ready": _O, "in-progress": _O, "on-hold": _O, "completed": _O}
_BEGUN: Final = {**_FORWARD, "failed": _O, "cancelled": _R, "requested": _R, "entered-in-error": _E}

STEPS: Final[Mapping[str, Mapping[str, Role]]] = {
    "draft": {"requested": _R, **_FORWARD, "cancelled": _R, "entered-in-error": _E},
    "requested": {"received": _O, **_FORWARD, "rejected": _O, "cancelled": _R, "entered-in-error": _E},
    "received": {**_FORWARD, "rejected": _O, "cancelled": _R, "requested": _R, "entered-in-error": _E},
    **{
        old: {new: role for new, role in _BEGUN.items() if new != old}
        for old in ("accepted", "ready", "in-progress", "on-hold")
    },
    "rejected": {"requested": _R, "cancelled": _R, "entered-in-error": _E},
    "completed": {"entered-in-error": _E},
    "failed": {"entered-in-error": _E},
    "cancelled": {"entered-in-error": _E},
}
_FINAL: Final = frozenset({"completed", "failed", "cancelled"})

LIFE: Final = LifeCycle(
    rule="task-status",
    what="A task",
    where="Task.status",
    begins=frozenset(STEPS) - {"rejected"},
    steps={
        old: frozenset(following) | (frozenset() if old in _FINAL else frozenset({old}))
        for old, following in STEPS.items()
    },
)
