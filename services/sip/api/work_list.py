"""/worklist: people whose fixed contacts somebody must look at, for the unit whose contacts they are."""

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query

from services.sip.api.dependencies import Next, PersonId, ThingId, ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.work_list import (
    Entries,
    Entry,
    EntryClosing,
    EntryNote,
    Frailty,
    FrailtyFlag,
    Note,
)
from services.sip.api.views.places import Directory, unit_of
from services.sip.domain.care.contact.attention import OPEN
from services.sip.domain.care.contact.codes import ATTENTION
from services.sip.domain.care.reading import codes_in, target
from services.sip.domain.held import Resource
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.flag_frailty import flag_frailty
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.read_directory import read_directory
from services.sip.use_cases.work_list import move_entry, work_list

router = APIRouter(route_class=GuardedRoute, tags=["Work list"])


@router.get("/worklist", summary="Read the work list")
async def entries(
    desk: ThisDesk,
    status: Literal["open", "closed"] = "open",
    page: Next = None,
    count: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Entries:
    """List what the caller's unit is to look at: each entry with its reason and its date."""
    tasks, onwards = await work_list(status, page, count, desk)
    directory = await read_directory(tasks, desk.store)
    path = f"/api/v1/worklist?status={status}&count={count}"
    listed = [_entry(one, directory) for one in tasks]
    return Entries(entries=listed, next=f"{path}&next={onwards}" if onwards else None)


@router.post("/worklist/{id}/taking", summary="Take an entry")
async def take(id: ThingId, noted: EntryNote, desk: ThisDesk) -> Entry:
    """Say that somebody is seeing to it."""
    return await _told(await move_entry(f"Task/{id}", "accepted", noted.note, desk), desk)


@router.post("/worklist/{id}/closing", summary="Close an entry")
async def close(id: ThingId, closing: EntryClosing, desk: ThisDesk) -> Entry:
    """Say what was done, or why nothing was."""
    return await _told(await move_entry(f"Task/{id}", "completed", closing.note, desk), desk)


@router.put("/persons/{id}/frailty", summary="Flag frailty")
async def frailty(id: PersonId, flag: FrailtyFlag, desk: ThisDesk) -> Frailty:
    """Flag the person as frail, or no longer so; who is frail and meets very many people comes to the work list."""
    stored = await flag_frailty(f"Patient/{id}", frail=flag.frail, desk=desk)
    since = orjson.loads(stored.body).get("recordedDate") if stored and flag.frail else None
    return Frailty(frail=flag.frail, since=since)


async def _told(stored: Stored, desk: Desk) -> Entry:
    task = orjson.loads(stored.body)
    return _entry(task, await read_directory([task], desk.store))


def _entry(task: Resource, directory: Directory) -> Entry:
    status = task.get("status")
    state: Any = "open" if status == "requested" else "taken" if status in OPEN else "closed"
    return Entry(
        id=task["id"],
        state=state,
        reason=next(iter(codes_in(task.get("reasonCode"), ATTENTION)), ""),
        text=task.get("description", ""),
        since=task.get("executionPeriod", {}).get("start"),
        raised_at=task.get("authoredOn"),
        person_id=_id(target(task.get("for"))),
        contact_id=_id(target(task.get("focus"))),
        unit=unit_of(target(task.get("owner")), directory),
        notes=[Note(at=one.get("time"), text=one.get("text", "")) for one in task.get("note", ())],
    )


def _id(key: str | None) -> str | None:
    return key.partition("/")[2] if key else None
