"""A fixed contact: offered, answered, appointed with a reason, stood in for, ended at a moment."""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from services.sip.domain.building.scribe import Scribe, precisely, to
from services.sip.domain.building.ways import Handover, Ways, handed_over, telecom, via_team
from services.sip.domain.care.contact.codes import (
    APPOINTED,
    ENDED,
    EXT_FOLLOWS,
    EXT_GAP,
    EXT_STANDS_IN_FOR,
    OFFERED,
    STAND_IN,
)
from services.sip.domain.care.contact.endings import step
from services.sip.domain.care.contact.kinds import kind_named
from services.sip.domain.codes import CONTACT_CHANGE_REASON, FIXED_CONTACT, Code
from services.sip.domain.held import Resource


@dataclass(frozen=True, slots=True)
class ContactWish:
    """Who is to be which kind of contact (HSA-ids), from when (a FHIR date or dateTime), and why.

    `follows` is the contact it comes after, where a person may have several of the kind; `gap` why nobody held between.
    """

    kind: str
    employee: str
    unit: str
    reason: str
    start: str | None = None
    special_reasons: bool = False
    follows: str | None = None
    gap: str | None = None
    ways: Ways = field(default_factory=Ways)
    handover: Handover | None = None


@dataclass(frozen=True, slots=True)
class StandInWish:
    """Who stands in (HSA-ids), from when until when, and why."""

    employee: str
    unit: str
    reason: str
    until: str
    start: str | None = None
    ways: Ways = field(default_factory=Ways)


def contact(scribe: Scribe, wish: ContactWish, holder: str, unit: str) -> Resource:
    """Build the CareTeam of a contact that holds; `holder` is a PractitionerRole, `unit` its Organization."""
    since = wish.start or precisely(scribe.now)
    reasons = [wish.reason, *(["special-reasons"] if wish.special_reasons else [])]
    built = _team(scribe, wish.kind, holder, unit)
    built |= {"status": "active", "period": {"start": since}, "reasonCode": [_reason(one) for one in reasons]}
    built["participant"][0]["period"] = {"start": since}
    built["extension"] = [
        step(APPOINTED, since, wish.reason),
        *([{"url": EXT_FOLLOWS, "valueReference": to(wish.follows)}] if wish.follows else []),
        *([{"url": EXT_GAP, "valueCodeableConcept": _reason(wish.gap)}] if wish.gap else []),
        *([handed_over(wish.handover, scribe.who)] if wish.handover else []),
    ]
    return reached_by(built, wish.ways)


def offered(scribe: Scribe, wish: ContactWish, holder: str, unit: str) -> Resource:
    """Build what is only offered: proposed, and from when it would hold where that is known."""
    built = _team(scribe, wish.kind, holder, unit)
    built |= {"status": "proposed", "reasonCode": [_reason(wish.reason)]}
    built |= {"period": {"start": wish.start}} if wish.start else {}
    built["extension"] = [step(OFFERED, precisely(scribe.now), wish.reason)]
    return reached_by(built, wish.ways)


def standing_in(scribe: Scribe, held: Resource, wish: StandInWish, holder: str, unit: str) -> Resource:
    """Build the contact that stands in for one that holds."""
    since = wish.start or precisely(scribe.now)
    period = {"start": since, "end": wish.until}
    built = _team(scribe, None, holder, unit)
    built["participant"][0] |= {"role": deepcopy(held["participant"][0]["role"]), "period": period}
    built |= {"status": "active", "period": period, "reasonCode": [_reason(wish.reason)]}
    built["extension"] = [
        step(STAND_IN, since, wish.reason),
        {"url": EXT_STANDS_IN_FOR, "valueReference": to(f"CareTeam/{held['id']}")},
    ]
    return reached_by(built, wish.ways)


def answered(held: Resource, state: str, at: str, reason: str | None) -> Resource:
    """Note the person's answer to an offer; one who says no never had the contact, so there is no period."""
    told = _with_step(held, state, at, reason)
    if state == "accepted":
        return told
    told["status"] = "inactive"
    for node in (told, *told.get("participant", ())):
        node.pop("period", None)
    return told


def appointed(held: Resource, start: str, reason: str | None = None) -> Resource:
    """Let what was offered begin."""
    begun = _with_step(held, APPOINTED, start, reason)
    begun |= {"status": "active", "period": {**held.get("period", {}), "start": start}}
    for participant in begun.get("participant", ()):
        participant["period"] = {"start": start}
    return begun


def contact_ended(held: Resource, at: datetime, reason: str) -> Resource:
    """End it at a moment, and say why."""
    moment = precisely(at)
    over = _with_step(held, ENDED, moment, reason) | {"status": "inactive"}
    over["period"] = {**over.get("period", {}), "end": moment}
    for participant in over.get("participant", ()):
        participant["period"] = {**participant.get("period", {}), "end": moment}
    return over


def reached_by(held: Resource, ways: Ways) -> Resource:
    """Say how the holder is reached, in place of what was said before; nothing said changes nothing."""
    changed = deepcopy(held)
    if ways.points:
        changed["telecom"] = [telecom(one) for one in ways.points]
    if ways.team and changed.get("participant"):
        changed["participant"][0] = via_team(changed["participant"][0], ways.team)
    return changed


def _team(scribe: Scribe, kind: str | None, holder: str, unit: str) -> Resource:
    known = kind_named(kind) if kind else None
    participant: dict[str, Any] = {"member": to(holder)}
    if known:
        participant["role"] = [known.code.concept(known.text)]
    return scribe.new(
        "CareTeam",
        category=[FIXED_CONTACT.concept()],
        subject=to(scribe.person),
        participant=[participant],
        managingOrganization=[to(unit)],
    )


def _reason(code: str) -> Mapping[str, Any]:
    return Code(CONTACT_CHANGE_REASON, code).concept()


def _with_step(held: Resource, state: str, at: str, reason: str | None) -> Resource:
    changed = deepcopy(held)
    return changed | {"extension": [*changed.get("extension", ()), step(state, at, reason)]}
