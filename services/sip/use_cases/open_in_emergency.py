"""Opening one person's record in an emergency: for one unit, for some hours, on record before anything is shown."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import orjson

from services.chassis.outcome import Told
from services.sip.domain.access import Decision, covered_by_scope
from services.sip.domain.codes import UNIT_KIND
from services.sip.domain.emergency import LASTS, Danger, Opening, Outcome, may_open
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


@dataclass(frozen=True, slots=True)
class Opened:
    """The emergency's id (its entry in the access log), until when it lasts, and which care givers have blocked."""

    id: str
    until: datetime
    blocked_by: tuple[str, ...]


class Emergencies(Protocol):
    """Where emergency access is granted, and blocks are lifted for it."""

    async def open(self, person: str, opening: Opening, access: Access) -> tuple[str, Outcome]:
        """Let the unit read, log it and tell of it, all or nothing; gives the entry's id and whom it concerns."""

    async def lift(self, person: str, number: str, giver: str, access: Access) -> datetime | None:
        """Let the care giver's block yield for this emergency; gives until when, None when nothing is to be lifted."""


async def open_in_emergency(
    person: str, emergency: Emergency, desk: Desk, emergencies: Emergencies
) -> Opened:
    """Open the record to the caller's unit; raises NotAllowed, NotFound."""
    asking, caller = desk.asking, desk.asking.caller
    told = f"{emergency.danger}: {emergency.reason}"
    access = Access(
        asking.now, caller, "E", "Patient", person, [person], allowed=True, reason="", request_id=asking.request_id,
        query=told,
    )  # fmt: skip
    decision = await _may(desk)
    access = replace(access, allowed=decision.allowed, reason=decision.reason)
    if not decision.allowed or not caller.unit:
        await desk.store.log.record([replace(access, allowed=False)])
        raise NotAllowed(Told("forbidden", f"This is not allowed: {decision.reason}."))
    if person not in await desk.store.records.patients_of([person]):
        await missed(person, asking, desk.store)
    until = asking.now + LASTS
    opening = Opening(Reader(caller.unit, asking.now, until), caller.giver)
    number, outcome = await emergencies.open(person, opening, access)
    return Opened(number, until, tuple(sorted(outcome.blocked)))


async def _may(desk: Desk) -> Decision:
    """Judge by the token, which must let its bearer read and name who decides, and by the unit."""
    caller = desk.asking.caller
    covered = covered_by_scope(caller, "Patient", "r")
    if not covered.allowed:
        return covered
    if not caller.employee:
        return Decision(
            allowed=False, reason="somebody decides on emergency access, and the token names nobody"
        )
    return may_open(await _kinds_of_callers_unit(desk), caller.purpose)


async def _kinds_of_callers_unit(desk: Desk) -> set[str]:
    unit = desk.asking.caller.unit
    places = await look_up([Named("", unit)], desk.asking, desk.store) if unit else None
    key = places.units.get(unit or "") if places else None
    found = (await desk.store.records.directory([key])).get(key) if key else None
    codings = values_at(orjson.loads(found.body), "type.coding") if found else []
    return {str(one.get("code")) for one in codings if one.get("system") == UNIT_KIND}
