"""One contact follows another: with a reason, the same moment, never two at once, never nobody unless it is said."""

from collections.abc import Iterator
from typing import Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.contact.codes import EXT_GAP, FIRST, NOBODY_FOLLOWS
from services.sip.domain.care.contact.facts import COORDINATING, HOLDING, Contact, others_of_its_kind
from services.sip.domain.care.contact.kinds import kinds
from services.sip.domain.care.contact.steps import steps_of
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.reading import codes_in, extension
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import CONTACT_CHANGE_REASON, CONTACT_CHANGE_REASONS
from services.sip.domain.held import Resource

_KEPT: Final = agreed("life_cycles_kept")


def begins_now(before: Resource | None, contact: Contact) -> bool:
    """Tell whether this version is the one in which the contact starts to hold."""
    return contact.status == "active" and (before is None or before.get("status") not in HOLDING)


def succession_rules(before: Resource | None, contact: Contact, context: CareContext) -> Iterator[Violation]:
    """Judge the contact beside the person's others of its kind."""
    if contact.status == "proposed":
        return
    starts = begins_now(before, contact)
    others = list(others_of_its_kind(contact, context))
    yield from _link(contact, others)
    if one_at_a_time(contact, context):
        for other in others:
            replaced = starts and other.status in HOLDING and other.start < contact.start
            if not replaced and contact.overlaps(other):
                yield _two_at_once(contact, other)
        if starts and contact.stands_in_for is None:
            yield from _gap(contact, others)
    if starts and contact.stands_in_for is None:
        yield from _reason(contact, [one for one in others if _ended_by(contact, one, context)])


def replaced_by(before: Resource | None, contact: Contact, context: CareContext) -> list[Contact]:
    """Give the contacts that end because this one begins."""
    if contact.stands_in_for is not None or not begins_now(before, contact):
        return []
    others = others_of_its_kind(contact, context)
    return [one for one in others if one.status in HOLDING and _ended_by(contact, one, context)]


def one_at_a_time(contact: Contact, context: CareContext) -> bool:
    """Tell whether a person has one contact of this kind at a time."""
    if contact.kind == COORDINATING:
        return context.agreed.one_coordinating_contact
    kind = kinds().get(contact.kind or "")
    return kind is not None and bool(kind.one_because)


def _ended_by(contact: Contact, other: Contact, context: CareContext) -> bool:
    """Of a kind of which there is one, the other ends; of a kind with several, the one that it says it follows."""
    if contact.follows == other.key or other.stands_in_for == contact.follows is not None:
        return True
    ends = other.status in HOLDING or other.end == contact.start
    return ends and one_at_a_time(contact, context)


def _link(contact: Contact, others: list[Contact]) -> Iterator[Violation]:
    known = {one.key for one in others}
    if contact.follows is not None and contact.follows not in known:
        yield Violation(
            "contact-follows-unknown",
            f"It says that it follows {contact.follows}, which is no contact of this kind here; name one that is.",
            "CareTeam.extension",
            _KEPT,
        )


def _two_at_once(contact: Contact, other: Contact) -> Violation:
    return Violation(
        "contact-two-at-once",
        f"The person has {other.key} of this kind from {_date(other)}, and has one at a time; begin after "
        "that, or correct what is wrong there.",
        "CareTeam.period",
        kinds()[contact.kind or ""].one_because,
    )


def _date(contact: Contact) -> str:
    start = contact.resource.get("period", {}).get("start", "an unknown day")
    end = contact.resource.get("period", {}).get("end")
    return f"{start} to {end}" if end else str(start)


def _gap(contact: Contact, others: list[Contact]) -> Iterator[Violation]:
    """Nobody held between two contacts: either the earlier one's end says that nobody follows, or this says why."""
    earlier = [one for one in others if one.start < contact.start]
    last = max(earlier, key=lambda one: one.end, default=None)
    if last is None or last.status in HOLDING or last.end >= contact.start:
        return
    steps = steps_of(last.resource)
    stated = codes_in(
        (extension(contact.resource, EXT_GAP) or {}).get("valueCodeableConcept"), CONTACT_CHANGE_REASON
    )
    if not set(stated) & set(CONTACT_CHANGE_REASONS) and not (steps and steps[-1].reason in NOBODY_FOLLOWS):
        yield Violation(
            "contact-gap",
            f"Nobody was contact between the end of {last.key} and this one's start, and it is not said why; begin "
            f"when that ended, or give one of {', '.join(CONTACT_CHANGE_REASONS)} in the extension {EXT_GAP}.",
            "CareTeam.period.start",
            agreed("contact_gaps_stated"),
        )


def _reason(contact: Contact, ended: list[Contact]) -> Iterator[Violation]:
    known = [code for code in contact.reasons if code in CONTACT_CHANGE_REASONS]
    if ended and not set(known) - {FIRST}:
        others = ", ".join(code for code in CONTACT_CHANGE_REASONS if code != FIRST)
        yield Violation(
            "contact-change-reason",
            f"This contact follows {ended[0].key}, and does not say why; give one of {others} in reasonCode.",
            "CareTeam.reasonCode",
            agreed("contact_reason_required"),
        )
