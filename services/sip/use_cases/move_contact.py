"""One move of a bulk handover, through the one way in: the new contact is appointed, the earlier one ends with it.

Its ids follow from the job and the contact, so that a move made twice is made once.
"""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

import orjson

from services.sip.domain.building.contact import ContactWish, contact
from services.sip.domain.building.scribe import Scribe
from services.sip.domain.building.ways import Handover
from services.sip.domain.care.contact.codes import EXT_STANDS_IN_FOR
from services.sip.domain.care.contact.facts import HOLDING
from services.sip.domain.care.contact.kinds import kind_of_role
from services.sip.domain.care.reading import extension
from services.sip.domain.errors import SipError, StoreBusy
from services.sip.domain.held import Resource
from services.sip.domain.search_query import Condition
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.drafts import Policy
from services.sip.use_cases.handover_ports import HandoverJob, Move, Refusal
from services.sip.use_cases.ports import Asking, Store
from services.sip.use_cases.read_resource import sight_of
from services.sip.use_cases.write_once import write_once

MOVES: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://samplan.example/fhir/sid/handover")
Understand = Callable[[str, str], Condition | None]


async def move_contact(
    job: HandoverJob, move: Move, store: Store, policy: Policy, asking: Asking
) -> Refusal | None:
    """Store the successor; gives why not where that is refused, and raises StoreBusy where it is to be tried again."""
    number = str(uuid.uuid5(MOVES, f"{job.id}\n{move.contact}"))
    if await store.records.version(f"CareTeam/{number}", 1) is not None:
        return None  # a process that was killed since had done it
    desk = Desk(replace(asking, fingerprint=job.id), store, replace(policy, new_id=lambda: number))
    try:
        found = await store.records.current(move.contact, sight_of("CareTeam", asking), asking.now)
        if found is None:
            return _refused(
                move, "not-found", "The contact is not here any more, or not for the unit to see."
            )
        if flaw := _flaw(held := orjson.loads(found.body)):
            return _refused(move, *flaw)
        await write_once([_successor(job, move, held, desk)], [], desk)
    except StoreBusy:
        raise
    except SipError as refused:
        first = refused.told[0]
        return _refused(move, first.rule or first.code, str(refused))
    return None


def asking_for(job: HandoverJob, now: datetime, understand: Understand) -> Asking:
    """Act for who asked for the job, with the rights that were asked with."""
    return Asking(job.caller, now, job.id, understand=understand)


def _flaw(held: Resource) -> tuple[str, str] | None:
    if held.get("status") not in HOLDING:
        return (
            "handover-ended",
            f"The contact is {held.get('status')} already; somebody changed it meanwhile.",
        )
    if extension(held, EXT_STANDS_IN_FOR):
        return "handover-stand-in", "It stands in for another's contact; end it, or appoint another stand-in."
    return None


def _successor(job: HandoverJob, move: Move, held: Resource, desk: Desk) -> Resource:
    kind = kind_of_role(held["participant"][0].get("role"))
    scribe = Scribe(move.person, job.who, move.unit, desk.asking.now, desk.policy.new_id)
    told = Handover(job.told_at, None, job.passed_on, job.text) if job.told_at or job.passed_on else None
    wish = ContactWish(
        kind.slug if kind else "", "", "", job.reason, job.start, follows=move.contact, handover=told
    )
    return contact(scribe, wish, move.role, move.unit)


def _refused(move: Move, rule: str, text: str) -> Refusal:
    return Refusal(move.contact, move.person, rule, text)
