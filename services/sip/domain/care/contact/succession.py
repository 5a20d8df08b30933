"""One contact follows another: with a reason, the same moment, never two at once."""

from collections.abc import Iterator, Mapping
from typing import Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.contact.facts import (
    COORDINATING,
    DOCTOR,
    HOME_CARE,
    ONE_AT_A_TIME,
    Contact,
    others_of_its_kind,
)
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.reading import codes_in
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import CONTACT_CHANGE_REASON, CONTACT_CHANGE_REASONS
from services.sip.domain.held import Resource

_ONE_BECAUSE: Final[Mapping[str, str]] = {
    DOCTOR: "HSL 7 kap. 3 §; HSL 7 kap. 3 a §",
    HOME_CARE: "SoL 10 kap. 7 §",
    COORDINATING: agreed("one_coordinating_contact"),
}
_FIRST: Final = "first"


def begins_now(before: Resource | None, contact: Contact) -> bool:
    """Tell whether this version is the one in which the contact starts to hold."""
    return contact.status == "active" and (before is None or before.get("status") != "active")


def succession_rules(before: Resource | None, contact: Contact, context: CareContext) -> Iterator[Violation]:
    """Judge the contact beside the person's others of its kind."""
    if not _one_at_a_time(contact, context) or contact.status == "proposed":
        return
    starts = begins_now(before, contact)
    others = list(others_of_its_kind(contact, context))
    for other in others:
        replaced = starts and other.status == "active" and other.start < contact.start
        if not replaced and contact.overlaps(other):
            yield _two_at_once(contact, other)
    if starts:
        ended = [other for other in others if other.status == "active" or other.end == contact.start]
        yield from _reason(contact, ended)


def replaced_by(before: Resource | None, contact: Contact, context: CareContext) -> list[Contact]:
    """Give the contacts that end because this one begins."""
    if not _one_at_a_time(contact, context) or not begins_now(before, contact):
        return []
    return [other for other in others_of_its_kind(contact, context) if other.status == "active"]


def _one_at_a_time(contact: Contact, context: CareContext) -> bool:
    if contact.kind == COORDINATING:
        return context.agreed.one_coordinating_contact
    return contact.kind in ONE_AT_A_TIME


def _two_at_once(contact: Contact, other: Contact) -> Violation:
    return Violation(
        "contact-two-at-once",
        f"The person has {other.key} of this kind from {_date(other)}, and has one at a time; begin after "
        "that, or correct what is wrong there.",
        "CareTeam.period",
        _ONE_BECAUSE[contact.kind or ""],
    )


def _date(contact: Contact) -> str:
    start = contact.resource.get("period", {}).get("start", "an unknown day")
    end = contact.resource.get("period", {}).get("end")
    return f"{start} to {end}" if end else str(start)


def _reason(contact: Contact, ended: list[Contact]) -> Iterator[Violation]:
    codes = codes_in(contact.resource.get("reasonCode"), CONTACT_CHANGE_REASON)
    known = [code for code in codes if code in CONTACT_CHANGE_REASONS]
    if ended and not set(known) - {_FIRST}:
        others = ", ".join(code for code in CONTACT_CHANGE_REASONS if code != _FIRST)
        yield Violation(
            "contact-change-reason",
            f"This contact follows {ended[0].key}, and does not say why; give one of {others} in reasonCode.",
            "CareTeam.reasonCode",
            agreed("contact_reason_required"),
        )
