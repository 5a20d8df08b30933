"""Opening one person's record in an emergency: for one unit, for some hours, on record before anything is shown."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import orjson

from services.chassis.outcome import Told
from services.sip.domain.codes import UNIT_KIND
from services.sip.domain.emergency import LASTS, Danger, may_open
from services.sip.domain.errors import NotAllowed
from services.sip.domain.held import Reader
from services.sip.domain.resource_types import values_at
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, look_up
from services.sip.use_cases.ports import Access
from services.sip.use_cases.read_resource import missed


@dataclass(frozen=True, slots=True)
class Emergency:
    """Which danger is averted, and why consent cannot be had: the words are kept in the access record."""

    danger: Danger
    reason: str


class Emergencies(Protocol):
    """Where emergency access is granted."""

    async def grant(self, person: str, right: Reader, access: Access) -> None:
        """Let the reader read the whole record for the right's time, and log it, both or neither."""


async def open_in_emergency(
    person: str, emergency: Emergency, desk: Desk, emergencies: Emergencies
) -> datetime:
    """Give until when the record is open to the caller's unit; raises NotAllowed, NotFound."""
    asking, caller = desk.asking, desk.asking.caller
    told = f"{emergency.danger}: {emergency.reason}"
    access = Access(
        asking.now, caller, "E", "Patient", person, [person], allowed=True, reason="", request_id=asking.request_id,
        query=told,
    )  # fmt: skip
    decision = may_open(await _kinds_of_callers_unit(desk), caller.purpose)
    access = replace(access, allowed=decision.allowed, reason=decision.reason)
    if not decision.allowed or not caller.unit:
        await desk.store.log.record([replace(access, allowed=False)])
        raise NotAllowed(Told("forbidden", f"This is not allowed: {decision.reason}."))
    if person not in await desk.store.records.patients_of([person]):
        await missed(person, asking, desk.store)
    until = asking.now + LASTS
    await emergencies.grant(person, Reader(caller.unit, asking.now, until), access)
    return until


async def _kinds_of_callers_unit(desk: Desk) -> set[str]:
    unit = desk.asking.caller.unit
    places = await look_up([Named("", unit)], desk.asking, desk.store) if unit else None
    key = places.units.get(unit or "") if places else None
    found = (await desk.store.records.directory([key])).get(key) if key else None
    codings = values_at(orjson.loads(found.body), "type.coding") if found else []
    return {str(one.get("code")) for one in codings if one.get("system") == UNIT_KIND}
