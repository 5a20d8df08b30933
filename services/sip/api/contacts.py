"""Fixed contacts of a person: on a day, in full, offered, appointed."""

from datetime import date
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query

from services.sip.api.dependencies import Next, PersonId, RepeatableDesk, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.contacts import Contact, ContactHistory, Contacts, ContactsOfUnit, NewContact
from services.sip.api.models.words import HsaId
from services.sip.api.views.contacts import contact_view, gap_view
from services.sip.domain.care.contact.timeline import absences, held_on
from services.sip.domain.moments import SWEDEN
from services.sip.use_cases.appoint_contact import appoint_contact
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.list_record import list_record
from services.sip.use_cases.list_unit_contacts import OF_CONTACTS, UnitAsked, list_unit_contacts
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.read_directory import read_directory

router = APIRouter(route_class=GuardedRoute, tags=["Fixed contacts"])

AsOf = Annotated[
    date | None, Query(alias="as-of", description="A day; left out: today", examples=["2026-03-01"])
]
Count = Annotated[int, Query(alias="count", ge=1, le=200)]


@router.get("/persons/{id}/contacts", summary="List fixed contacts")
async def contacts(id: PersonId, desk: ThisDesk, as_of: AsOf = None) -> Contacts:
    """List the fixed contacts on a day, today unless told otherwise."""
    day = as_of or today(desk)
    teams = await list_record(f"Patient/{id}", "CareTeam", [OF_CONTACTS], desk)
    held = [one for one in teams if held_on(one, day)]
    directory = await read_directory(held, desk.store)
    return Contacts(on=day.isoformat(), contacts=[contact_view(one, directory) for one in held])


@router.get("/persons/{id}/contacts/history", summary="Read the history of contacts")
async def history(id: PersonId, desk: ThisDesk) -> ContactHistory:
    """Give every contact there has been and was offered, each with its steps; and the times without one."""
    teams = await list_record(f"Patient/{id}", "CareTeam", [OF_CONTACTS], desk)
    directory = await read_directory(teams, desk.store)
    told = sorted((contact_view(one, directory) for one in teams), key=lambda one: (one.from_ or "", one.id))
    return ContactHistory(contacts=told, gaps=[gap_view(one) for one in absences(teams)])


@router.post("/persons/{id}/contacts", summary="Appoint a fixed contact", status_code=201)
async def appoint(id: PersonId, new: NewContact, desk: RepeatableDesk) -> Contact:
    """Appoint a fixed contact. Of doctor, home-care and coordinating contacts there is one: the earlier one ends."""
    return await told(await appoint_contact(f"Patient/{id}", new.wish(), desk, new.via_unit), desk)


@router.post("/persons/{id}/contact-offers", summary="Offer a fixed contact", status_code=201)
async def offer(id: PersonId, new: NewContact, desk: RepeatableDesk) -> Contact:
    """Offer a fixed contact; nobody holds it until the person has answered and it begins."""
    stored = await appoint_contact(f"Patient/{id}", new.wish(), desk, new.via_unit, offer=True)
    return await told(stored, desk)


def asked_of_unit(
    hsa_id: HsaId, desk: ThisDesk, as_of: AsOf = None, employee: HsaId | None = None
) -> UnitAsked:
    """Give whom and which day is asked about."""
    return UnitAsked(hsa_id, employee, as_of or today(desk))


@router.get("/units/{hsa_id}/contacts", summary="List a unit's contacts")
async def of_unit(
    asked: Annotated[UnitAsked, Depends(asked_of_unit)], desk: ThisDesk, page: Next = None, count: Count = 100
) -> ContactsOfUnit:
    """List who had whom at a unit on a day, or with one of its staff, as far as the caller may see."""
    teams, onwards = await list_unit_contacts(asked, page, count, desk)
    directory = await read_directory(teams, desk.store)
    path = f"/api/v1/units/{asked.unit}/contacts?as-of={asked.day.isoformat()}&count={count}"
    path += f"&employee={asked.employee}" if asked.employee else ""
    return ContactsOfUnit(
        on=asked.day.isoformat(),
        contacts=[contact_view(one, directory) for one in teams],
        next=f"{path}&next={onwards}" if onwards else None,
    )


def today(desk: Desk) -> date:
    """Give the day in Sweden."""
    return desk.asking.now.astimezone(SWEDEN).date()


async def told(stored: Stored, desk: Desk) -> Contact:
    """Tell of a contact that was written."""
    resource = orjson.loads(stored.body)
    return contact_view(resource, await read_directory([resource], desk.store))
