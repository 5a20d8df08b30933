"""Registering a person; there is one for each personal number, so registering again finds them."""

from services.sip.domain.building.person import PersonWish, person
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.drafts import Draft, Written
from services.sip.use_cases.write_resources import write_resources


async def register_person(wish: PersonWish, desk: Desk) -> Written:
    """Store the person, or give the one that is there (`existing`), the look on record."""
    resource = person(wish, desk.policy.new_id)
    draft = Draft("Patient", resource, dict(resource), id=resource["id"])
    [written] = await write_resources([draft], desk.asking, desk.store, desk.policy)
    return written
