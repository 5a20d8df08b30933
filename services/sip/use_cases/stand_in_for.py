"""Letting somebody stand in for the holder of a contact, which rests meanwhile."""

from dataclasses import replace

import orjson

from services.sip.domain.building.contact import StandInWish, standing_in
from services.sip.domain.building.ways import Ways
from services.sip.domain.care.contact.facts import is_fixed_contact
from services.sip.domain.errors import not_found
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, find_places
from services.sip.use_cases.find_scribe import find_scribe
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.read_resource import read_resource
from services.sip.use_cases.write_once import write_once


async def stand_in_for(key: str, wish: StandInWish, desk: Desk, via: str | None = None) -> Stored:
    """Store the contact that stands in; raises NotFound for what is no fixed contact."""
    found = await read_resource(key, desk.asking, desk.store)
    held = orjson.loads(found.body)
    if not is_fixed_contact(held) or found.patient is None:
        raise not_found(key)
    scribe = await find_scribe(found.patient, desk)
    named = Named("/unit", wish.unit, wish.employee)
    beside = [Named("/via_unit", via)] if via else []
    places = await find_places([named, *beside], desk.asking, desk.store)
    wish = replace(wish, ways=Ways(wish.ways.points, places.units[via] if via else None))
    built = standing_in(scribe, held, wish, places.of(named), places.units[wish.unit])
    return await write_once([built], [], desk)
