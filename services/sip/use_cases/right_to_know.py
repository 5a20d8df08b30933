"""May this unit be told about this change now? notify asks before each attempt, and sends nothing without a yes."""

from dataclasses import dataclass

from services.sip.use_cases.ports import Asking, Store


@dataclass(frozen=True, slots=True)
class RightToKnow:
    """The answer, with its reason."""

    allowed: bool
    reason: str


async def right_to_know(unit: str, focus: str, asking: Asking, store: Store) -> RightToKnow:
    """Judge by the readers of the focus as they stand now; what is absent nobody may know."""
    found = await store.records.current(focus, unit, asking.now)
    if found is None:
        return RightToKnow(allowed=False, reason="no care relation now")
    return RightToKnow(allowed=True, reason="care relation")
