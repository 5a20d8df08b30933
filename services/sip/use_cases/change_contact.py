"""Changing a fixed contact as it stands: begun, ended, reached in another way, handed over."""

from collections.abc import Callable
from datetime import datetime

from services.sip.domain.building.contact import appointed, contact_ended, reached_by
from services.sip.domain.building.scribe import precisely
from services.sip.domain.building.ways import Handover, Ways, with_handover
from services.sip.domain.care.contact.facts import is_fixed_contact
from services.sip.domain.errors import not_found
from services.sip.domain.held import Resource
from services.sip.use_cases.change_seen import change_seen
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, find_places, look_up
from services.sip.use_cases.ports import Stored


async def change_contact(key: str, change: Callable[[Resource], Resource], desk: Desk) -> Stored:
    """Store what `change` makes of it; raises NotFound for what is no fixed contact."""

    def changed(held: Resource) -> Resource:
        if not is_fixed_contact(held):
            raise not_found(key)
        return change(held)

    return await change_seen(key, changed, desk)


async def end_contact(key: str, at: datetime | None, reason: str, desk: Desk) -> Stored:
    """Store the contact as ended at that moment, now unless told otherwise."""
    return await change_contact(key, lambda held: contact_ended(held, at or desk.asking.now, reason), desk)


async def begin_contact(key: str, start: datetime | None, desk: Desk) -> Stored:
    """Let what was offered, or accepted, begin."""
    moment = precisely(start or desk.asking.now)
    return await change_contact(key, lambda held: appointed(held, moment), desk)


async def change_ways(key: str, ways: Ways, via: str | None, desk: Desk) -> Stored:
    """Store how the holder is reached."""
    places = await find_places([Named("/via_unit", via)] if via else [], desk.asking, desk.store)
    reached = Ways(ways.points, places.units[via] if via else None)
    return await change_contact(key, lambda held: reached_by(held, reached), desk)


async def note_handover(key: str, handover: Handover, desk: Desk) -> Stored:
    """Note who told the person and what was passed on; who told is the caller."""
    caller = desk.asking.caller
    named = Named("", caller.unit or "", caller.employee)
    places = await look_up([named], desk.asking, desk.store)
    who = places.staff.get((caller.employee or "", caller.unit or ""), "")
    return await change_contact(key, lambda held: with_handover(held, handover, who), desk)
