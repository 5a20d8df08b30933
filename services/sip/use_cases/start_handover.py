"""Beginning a bulk handover: whose contacts they are, who takes over whom; another process does the moving."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from services.chassis.outcome import Told
from services.chassis.scopes import Interaction
from services.sip.domain.building.scribe import precisely
from services.sip.domain.building.ways import Handover
from services.sip.domain.care.contact.sharing_out import Successor, shared_out
from services.sip.domain.errors import BadRequest, RequestDiffers, not_found
from services.sip.domain.search_query import Cursor, SearchQuery, TermCondition
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.find_places import Named, find_places, look_up, roles_at
from services.sip.use_cases.find_scribe import writing_unit
from services.sip.use_cases.handover_ports import HandoverJob, HandoverProgress, Handovers, Move
from services.sip.use_cases.list_unit_contacts import OF_CONTACTS, held_by
from services.sip.use_cases.ports import Access
from services.sip.use_cases.read_resource import check_scope
from services.sip.use_cases.search_resources import search_resources

HOLDING: Final = TermCondition("status", ("status=active", "status=suspended"))
PAGE: Final = 500
MOST: Final = 20_000
CLOCKS: Final = timedelta(minutes=5)
SHOWN: Final = 1000
WORK: Final[tuple[Interaction, ...]] = ("c", "r")
"""What beginning one takes of the token: to write the new contacts, and to be told how it goes."""


@dataclass(frozen=True, slots=True)
class HandoverWish:
    """Who leaves (an employee at a unit), who takes over, from when, why, and what is noted with each change."""

    employee: str
    unit: str
    successors: Sequence[Successor]
    reason: str
    start: datetime | None = None
    handover: Handover = field(default_factory=Handover)


async def start_handover(wish: HandoverWish, desk: Desk, jobs: Handovers) -> HandoverJob:
    """Store the job with a move for each contact that the caller may see; the same request again gives the first."""
    now = desk.asking.now
    if wish.start and wish.start > now + CLOCKS:
        text = "A handover is of contacts that change now or have changed; begin it when the day has come."
        raise BadRequest(Told("value", text, "/from", rule="handover-to-come"))
    for interaction in WORK:
        await check_scope("CareTeam", interaction, desk.asking, desk.store)
    who, _ = await writing_unit(desk)
    taking = [Named(f"/to/{at}/unit", one.unit, one.employee) for at, one in enumerate(wish.successors)]
    places = await find_places(taking, desk.asking, desk.store)
    leaving = (await look_up([Named("", wish.unit)], desk.asking, desk.store)).units.get(wish.unit)
    roles = await roles_at(leaving, wish.employee, desk.asking, desk.store) if leaving else []
    if not roles:
        text = f"The directory has no assignment of {wish.employee} at {wish.unit}; check both HSA-ids."
        raise BadRequest(Told("not-found", text, "/from_employee", rule="assignment-unknown"))
    held = await _held(roles, desk)
    to = shared_out(list(held.values()), wish.successors)
    moves = [
        Move(
            contact, f"Patient/{person}", places.of(Named("", one.unit, one.employee)), places.units[one.unit]
        )
        for contact, person in sorted(held.items())
        if (one := to.get(person))
    ]
    job = _job(wish, desk, who)
    begun = await jobs.begin(job, moves)
    if begun.fingerprint != job.fingerprint:
        text = "This Idempotency-Key came before with another content; a new request needs a new key."
        raise RequestDiffers(Told("conflict", text, rule="idempotency-key-reused"))
    return begun


async def read_handover(id: str, desk: Desk, jobs: Handovers) -> HandoverProgress:
    """Give the progress to the unit that asked for it; whom it names is on record as seen."""
    await check_scope("CareTeam", "r", desk.asking, desk.store)
    found = await jobs.progress(id, SHOWN)
    caller = desk.asking.caller
    if found is None or not caller.unit or found.job.caller.unit != caller.unit:
        refused = Access(
            desk.asking.now, caller, "R", "CareTeam", None, [], allowed=False, reason="no handover of the unit",
            request_id=desk.asking.request_id, query=f"handover {id}",
        )  # fmt: skip
        await desk.store.log.record([refused])
        raise not_found(f"handover {id}")
    rows = [
        Access(
            desk.asking.now, caller, "R", "CareTeam", one.person, [one.contact], allowed=True,
            reason="own unit's assignment", request_id=desk.asking.request_id,
        )
        for one in found.refusals
    ]  # fmt: skip
    if rows:
        await desk.store.log.record(rows)
    return found


async def _held(roles: Sequence[str], desk: Desk) -> dict[str, str]:
    """Give the contacts that the roles hold now and the caller may see, each with its person's id."""
    held: dict[str, str] = {}
    query = SearchQuery("CareTeam", [OF_CONTACTS, HOLDING, held_by(roles)], count=PAGE)
    after: Cursor | None = None
    while True:
        page = await search_resources(
            replace(query, after=after), desk.asking, desk.store, "CareTeam?participant"
        )
        held |= {hit.key: (hit.patient or "").partition("/")[2] for hit in page.hits}
        after = page.cursor
        if after is None:
            return held
        if len(held) > MOST:
            text = f"There are more than {MOST} contacts; hand over one unit's at a time."
            raise BadRequest(Told("too-costly", text, "/from_unit"))


def _job(wish: HandoverWish, desk: Desk, who: str) -> HandoverJob:
    now = desk.asking.now
    return HandoverJob(
        id=desk.policy.new_id(),
        caller=desk.asking.caller,
        asked_at=now,
        start=precisely(wish.start or now),
        reason=wish.reason,
        who=who,
        told_at=wish.handover.told_at,
        passed_on=wish.handover.passed_on,
        text=wish.handover.text,
        fingerprint=desk.asking.fingerprint,
    )
