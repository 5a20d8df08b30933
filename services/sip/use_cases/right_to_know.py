"""May this unit be told about this change now? notify asks before each attempt, and sends nothing without a yes."""

from dataclasses import dataclass

from services.sip.domain.sight import Sight
from services.sip.use_cases.log_reader import LogReader
from services.sip.use_cases.ports import Asking, Store


@dataclass(frozen=True, slots=True)
class RightToKnow:
    """The answer, with its reason."""

    allowed: bool
    reason: str


async def right_to_know(unit: str, focus: str, asking: Asking, store: Store) -> RightToKnow:
    """Judge by the readers of the focus as they stand now; what is absent nobody may know.

    An entry of the access log (an emergency) is known to the care givers and units that it names as told.
    """
    kind, _, number = focus.partition("/")
    if kind == "AuditEvent":
        entry = await store.log.entry(number, LogReader(told=unit))
        return RightToKnow(
            allowed=entry is not None, reason="concerned by it" if entry else "not concerned by it"
        )
    found = await store.records.current(focus, Sight(unit), asking.now)
    if found is None:
        return RightToKnow(allowed=False, reason="no care relation now")
    return RightToKnow(allowed=True, reason="care relation")
