"""Appointing or offering a fixed contact; of a kind that there is one of, the earlier ends the same moment."""

from dataclasses import replace

from services.sip.domain.building.contact import ContactWish, contact, offered
from services.sip.domain.building.ways import Ways
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, find_places
from services.sip.use_cases.find_scribe import find_scribe
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.write_once import write_once


async def appoint_contact(
    person: str, wish: ContactWish, desk: Desk, via: str | None = None, *, offer: bool = False
) -> Stored:
    """Store the contact; what follows for the others, and the general practitioner, follows from it."""
    scribe = await find_scribe(person, desk)
    named = Named("/unit", wish.unit, wish.employee)
    beside = [Named("/via_unit", via)] if via else []
    places = await find_places([named, *beside], desk.asking, desk.store)
    wish = replace(wish, ways=Ways(wish.ways.points, places.units[via] if via else None))
    build = offered if offer else contact
    return await write_once([build(scribe, wish, places.of(named), places.units[wish.unit])], [], desk)
