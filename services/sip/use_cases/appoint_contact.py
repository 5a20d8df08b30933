"""Appointing a fixed contact; one of a kind that there is one of ends the same moment."""

from services.sip.domain.building.contact import ContactWish, contact
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, find_places
from services.sip.use_cases.find_scribe import find_scribe
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.write_once import write_once


async def appoint_contact(person: str, wish: ContactWish, desk: Desk) -> Stored:
    """Store the contact; its predecessor and the person's general practitioner follow from it."""
    scribe = await find_scribe(person, desk)
    named = Named("/unit", wish.unit, wish.employee)
    places = await find_places([named], desk.asking, desk.store)
    return await write_once([contact(scribe, wish, places.of(named), places.units[wish.unit])], [], desk)
