"""Noting the person's consent."""

from services.sip.domain.building.consent import ConsentWish, consent
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, find_places
from services.sip.use_cases.find_scribe import find_scribe
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.write_once import write_once


async def give_consent(person: str, wish: ConsentWish, desk: Desk) -> Stored:
    """Store the consent."""
    scribe = await find_scribe(person, desk)
    named = [Named(f"/units/{place}", unit) for place, unit in enumerate(wish.units)]
    places = await find_places(named, desk.asking, desk.store)
    named_units = [places.units[unit] for unit in wish.units]
    # Whoever notes a consent to share with others takes part in what is shared.
    actors = list(dict.fromkeys([scribe.unit, *named_units])) if named_units else []
    return await write_once([consent(scribe, wish, actors)], [], desk)
