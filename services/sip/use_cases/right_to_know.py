"""May this unit be told about this change now? notify asks before each attempt, and sends nothing without a yes."""

from dataclasses import dataclass, replace

import orjson

from services.sip.domain.protected_identity import MASKED, is_protected
from services.sip.domain.sight import Sight
from services.sip.use_cases.log_reader import LogReader
from services.sip.use_cases.ports import Access, Asking, Store, Stored


@dataclass(frozen=True, slots=True)
class RightToKnow:
    """The answer, with its reason; the resource's bytes where the whole of it is to be told."""

    allowed: bool
    reason: str
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole resource is asked for, on behalf of a unit of this care giver."""

    giver: str | None


async def right_to_know(
    unit: str, focus: str, whole: Whole | None, asking: Asking, store: Store
) -> RightToKnow:
    """Judge by the readers of the focus as they stand now; what is absent nobody may know.

    An entry of the access log (an emergency) is known to the care givers and units that it names as told.
    """
    kind, _, number = focus.partition("/")
    if kind == "AuditEvent":
        entry = await store.log.entry(number, LogReader(told=unit))
        may = entry is not None and whole is None
        return RightToKnow(allowed=may, reason="concerned by it" if may else "not concerned by it")
    found = await store.records.current(focus, Sight(unit, viewer=unit), asking.now)
    if found is None:
        return RightToKnow(allowed=False, reason="no care relation now")
    if whole is None:
        return RightToKnow(allowed=True, reason="care relation")
    # What is handed over is an access by the unit that gets it, and stands in its care giver's log.
    subscriber = replace(asking.caller, unit=unit, giver=whole.giver)
    await store.log.record(
        [
            Access(
                asking.now, subscriber, "R", kind, found.patient, [focus], allowed=True,
                reason="care relation, sent in full", request_id=asking.request_id,
            )
        ]
    )  # fmt: skip
    return RightToKnow(allowed=True, reason="care relation", body=await _told(found, asking, store))


async def _told(found: Stored, asking: Asking, store: Store) -> bytes:
    """Of somebody with protected identity notices tell nothing but that there is something to read."""
    person = await store.records.current(found.patient, Sight(), asking.now) if found.patient else None
    if person is None or not is_protected(orjson.loads(person.body)):
        return found.body
    kind, _, number = found.key.partition("/")
    meta = {"versionId": str(found.version), "security": [MASKED]}
    return orjson.dumps({"resourceType": kind, "id": number, "meta": meta})
