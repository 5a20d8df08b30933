"""Fixed contacts: who they are on a day, appointed, ended."""

from datetime import date

import orjson
from fastapi import APIRouter

from services.sip.api.dependencies import PersonId, RepeatableDesk, ThingId, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.contacts import Contact, ContactEnding, Contacts, NewContact
from services.sip.api.views.contacts import contact_view, held_on
from services.sip.domain.codes import FIXED_CONTACT
from services.sip.domain.moments import SWEDEN
from services.sip.domain.search_query import TermCondition
from services.sip.use_cases.appoint_contact import appoint_contact
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.end_contact import end_contact
from services.sip.use_cases.list_record import list_record
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.read_directory import read_directory

router = APIRouter(route_class=GuardedRoute, tags=["Fixed contacts"])

OF_CONTACTS = TermCondition("category", (f"category={FIXED_CONTACT.system}|{FIXED_CONTACT.code}",))


@router.get("/persons/{id}/contacts", summary="List fixed contacts")
async def contacts(id: PersonId, desk: ThisDesk, on: date | None = None) -> Contacts:
    """List the fixed contacts on a day, today unless told otherwise."""
    day = on or desk.asking.now.astimezone(SWEDEN).date()
    teams = await list_record(f"Patient/{id}", "CareTeam", [OF_CONTACTS], desk)
    held = [one for one in teams if held_on(one, day)]
    directory = await read_directory(held, desk.store)
    return Contacts(on=day.isoformat(), contacts=[contact_view(one, directory) for one in held])


@router.post("/persons/{id}/contacts", summary="Appoint a fixed contact", status_code=201)
async def appoint(id: PersonId, new: NewContact, desk: RepeatableDesk) -> Contact:
    """Appoint a fixed contact. Of doctor, home-care and coordinating contacts there is one: the earlier one ends."""
    return await _contact(await appoint_contact(f"Patient/{id}", new.wish(), desk), desk)


@router.post("/contacts/{id}/ending", summary="End a fixed contact")
async def end(id: ThingId, ending: ContactEnding, desk: ThisDesk) -> Contact:
    """End a fixed contact that nobody follows."""
    return await _contact(await end_contact(f"CareTeam/{id}", ending.until, desk), desk)


async def _contact(stored: Stored, desk: Desk) -> Contact:
    resource = orjson.loads(stored.body)
    return contact_view(resource, await read_directory([resource], desk.store))
