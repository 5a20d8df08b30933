"""Calling other units to plan together (kallelse)."""

from services.sip.domain.building.call import CallWish, call
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, find_places
from services.sip.use_cases.find_scribe import find_scribe
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.write_once import write_once


async def call_parties(person: str, wish: CallWish, desk: Desk) -> Stored:
    """Store the call, and the meeting it proposes."""
    scribe = await find_scribe(person, desk)
    named = [Named(f"/units/{place}", unit) for place, unit in enumerate(wish.units)]
    places = await find_places(named, desk.asking, desk.store)
    recipients = list(dict.fromkeys(places.units[unit] for unit in wish.units))
    return await write_once(call(scribe, wish, recipients), [], desk)
