"""Who writes: the caller's assignment at the caller's unit, as the directory knows it."""

from services.chassis.outcome import Told
from services.sip.domain.building.scribe import Scribe
from services.sip.domain.errors import NotAllowed, RulesBroken
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, look_up
from services.sip.use_cases.read_resource import missed


async def find_scribe(person: str, desk: Desk) -> Scribe:
    """Give the writer in `person`'s record; raises NotAllowed, NotFound, and RulesBroken for an unknown unit."""
    _answering(desk)
    if person not in await desk.store.records.patients_of([person]):
        await missed(person, desk.asking, desk.store)
    who, unit = await writing_unit(desk)
    return Scribe(person, who, unit, desk.asking.now, desk.policy.new_id)


async def writing_unit(desk: Desk) -> tuple[str, str]:
    """Give the caller's PractitionerRole (or else the unit), and the unit's Organization."""
    caller_unit = _answering(desk)
    named = Named("", caller_unit, desk.asking.caller.employee)
    places = await look_up([named], desk.asking, desk.store)
    unit = places.units.get(caller_unit)
    if unit is None:
        text = f"The directory does not know the token's unit {caller_unit}; have it added first."
        raise RulesBroken(Told("not-found", text, rule="unit-unknown"))
    return places.staff.get((desk.asking.caller.employee or "", caller_unit), unit), unit


def _answering(desk: Desk) -> str:
    caller = desk.asking.caller
    if not caller.unit or not caller.giver:
        text = "The token names no unit and care giver that would answer for what is written."
        raise NotAllowed(Told("forbidden", text))
    return caller.unit
