"""Standing in: while its holder is away the contact is suspended, and another, who says for whom, is active.

So a reader who knows nothing of ours sees one active contact of the kind, with its end, and one that rests.
"""

from collections.abc import Iterator
from copy import deepcopy
from typing import Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.contact.facts import (
    HOLDING,
    Contact,
    contacts_of,
    others_of_its_kind,
    person_behind,
)
from services.sip.domain.care.contact.succession import begins_now
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.violation import Violation
from services.sip.domain.held import Resource

_KEPT: Final = agreed("life_cycles_kept")


def stand_in_rules(before: Resource | None, contact: Contact, context: CareContext) -> Iterator[Violation]:
    """Judge a contact that stands in for another, and one that rests."""
    if contact.status == "suspended" and not any(_standing_in(contact, context)):
        yield Violation(
            "contact-suspended",
            "A contact rests only while somebody stands in; appoint a stand-in, and it rests by itself.",
            "CareTeam.status",
            _KEPT,
        )
    if contact.stands_in_for is None or contact.status == "proposed":
        return
    others = {one.key: one for one in others_of_its_kind(contact, context)}
    held, begins = others.get(contact.stands_in_for), begins_now(before, contact)
    if held is None or held.stands_in_for is not None:
        text = f"{contact.stands_in_for} is no contact of this kind here that somebody could stand in for"
    elif contact.start < held.start or held.end < contact.start:
        text = f"{held.key} does not hold when this begins"
    elif begins and held.status not in HOLDING:
        text = f"{held.key} has ended; appoint a contact in its place"
    elif person_behind(contact.holder, context) == person_behind(held.holder, context):
        text = f"{contact.holder} holds {held.key}, and cannot stand in for themselves"
    else:
        return
    yield Violation("contact-stand-in", f"{text}.", "CareTeam.extension", _KEPT)


def resting(before: Resource | None, contact: Contact, context: CareContext) -> list[Resource]:
    """Give the contact that rests because this one stands in for it, or that holds again since this one ended."""
    if contact.stands_in_for is None:
        return []
    held = next((one for one in contacts_of(context) if one.key == contact.stands_in_for), None)
    if held is None:
        return []
    if begins_now(before, contact) and held.status == "active":
        return [_with_status(held, "suspended")]
    over = before is not None and before.get("status") == "active" and contact.status != "active"
    if over and held.status == "suspended" and not any(_standing_in(held, context)):
        return [_with_status(held, "active")]
    return []


def _standing_in(held: Contact, context: CareContext) -> Iterator[Contact]:
    return (one for one in contacts_of(context) if one.stands_in_for == held.key and one.status == "active")


def _with_status(contact: Contact, status: str) -> Resource:
    return deepcopy(contact.resource) | {"id": contact.key.partition("/")[2], "status": status}


def standing_in_for(key: str, context: CareContext) -> list[Contact]:
    """Give who stands in for a contact now."""
    return [one for one in contacts_of(context) if one.stands_in_for == key and one.status == "active"]
