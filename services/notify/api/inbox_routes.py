"""The organisation's inbox: what a unit was told, and who has read it."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.requests import Request

from services.chassis.principal import Principal
from services.notify.api.asking import caller_who_may, unit_of
from services.notify.domain.inbox import InboxEntry
from services.notify.use_cases.ports import Inbox, Page

MOST_COUNTED = 1000
LOG_CONTROL = "Loggkontroll"
"""The assignment's purpose (commissionPurpose) of a care giver's privacy officer."""

router = APIRouter(prefix="/api/v1/inbox", tags=["inbox"])


class ReceiptShown(BaseModel):
    """Who has read an entry: an employee's HSA-id, or the client where no employee is named; and when."""

    reader: str
    at: datetime


class EntryShown(BaseModel):
    """One thing that happened: ids only; what it is about is read from the record, with the reader's own right."""

    id: str
    type: str = Field(examples=["plan.activated"])
    focus: str = Field(description="The resource it happened to.", examples=["CarePlan/plan-1"])
    version: int
    person: str | None = Field(examples=["Patient/person-1"])
    time: datetime = Field(description="When it happened.")
    arrived: datetime = Field(description="When it was put into the inbox.")
    read: bool
    receipts: list[ReceiptShown]


class InboxShown(BaseModel):
    """A page of the inbox, latest first; `next` goes into `after` for the next one."""

    entries: list[EntryShown]
    unread: int = Field(description=f"What nobody of the unit has read, counted up to {MOST_COUNTED}.")
    next: str | None


@router.get("", summary="List the inbox of the caller's unit")
async def list_inbox(
    request: Request,
    *,
    unread: Annotated[bool, Query(description="Only what nobody of the unit has read.")] = False,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    after: Annotated[str | None, Query(max_length=100)] = None,
) -> InboxShown:
    """Every unit that an event concerns finds it here, without having registered."""
    unit = whose(await reader_of(request))
    inbox: Inbox = request.app.state.inbox
    found, place = await inbox.of_unit(unit, Page(limit, after), unread=unread)
    count = await inbox.count_unread(unit, MOST_COUNTED)
    return InboxShown(entries=[shown(entry) for entry in found], unread=count, next=place)


@router.post("/{entry_id}/receipt", summary="Say that an entry was read")
async def post_receipt(request: Request, entry_id: str) -> EntryShown:
    """Note the caller as a reader of the entry; saying it twice changes nothing."""
    caller = await reader_of(request)
    inbox: Inbox = request.app.state.inbox
    reader = caller.employee or caller.client_id
    return shown(await inbox.receive(entry_id, whose(caller), reader, request.app.state.clock()))


async def reader_of(request: Request) -> Principal:
    """Whoever may search for plans may see what is said of them; a privacy officer, who may search the log."""
    caller: Principal = await request.app.state.verifier.verify(request)
    return await caller_who_may(request, "AuditEvent" if caller.purpose == LOG_CONTROL else "CarePlan", "s")


def whose(caller: Principal) -> str:
    """Staff read their unit's inbox; who controls the access log reads the care giver's own, and no unit's."""
    if caller.purpose == LOG_CONTROL and caller.giver:
        return caller.giver
    return unit_of(caller)


def shown(entry: InboxEntry) -> EntryShown:
    """Write an entry as it is shown."""
    event = entry.event
    return EntryShown(
        id=entry.id,
        type=event.type,
        focus=event.focus,
        version=event.version,
        person=event.person,
        time=event.time,
        arrived=entry.arrived,
        read=bool(entry.receipts),
        receipts=[ReceiptShown(reader=one.reader, at=one.at) for one in entry.receipts],
    )
