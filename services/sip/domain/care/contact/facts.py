"""What a fixed contact says: its kind, its holder, from when to when, whom it follows or stands in for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.sip.domain.care.contact.codes import EXT_FOLLOWS, EXT_STANDS_IN_FOR
from services.sip.domain.care.contact.kinds import SYSTEMS
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.reading import codes_in, extension, has_code, of_type, target
from services.sip.domain.codes import (
    CONTACT_CHANGE_REASON,
    FIXED_CONTACT,
    FIXED_COORDINATING_CONTACT,
    FIXED_DOCTOR,
    FIXED_HOME_CARE_CONTACT,
)
from services.sip.domain.held import ALWAYS, FOREVER, Resource
from services.sip.domain.moments import span_of

DOCTOR: Final = FIXED_DOCTOR.code
HOME_CARE: Final = FIXED_HOME_CARE_CONTACT.code
COORDINATING: Final = FIXED_COORDINATING_CONTACT.code
HOLDING: Final = frozenset({"active", "suspended"})
"""A contact that holds; one whose holder somebody stands in for is suspended."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One fixed contact, read; `start` is inclusive, `end` exclusive.

    Both count from the first moment of what is written: who succeeds a contact on a date begins the very
    moment the other ends, whether that is written as a date or as a time.
    """

    key: str
    kind: str | None
    holder: str | None
    status: str
    start: datetime
    end: datetime
    resource: Resource
    follows: str | None = None
    stands_in_for: str | None = None

    def overlaps(self, other: "Contact") -> bool:
        """Tell whether the two ever hold at the same time; one stands in for the other with that stated."""
        stated = self.stands_in_for == other.key or other.stands_in_for == self.key
        return not stated and self.start < other.end and other.start < self.end

    @property
    def reasons(self) -> list[str]:
        """Give the codes of why it was appointed."""
        return codes_in(self.resource.get("reasonCode"), CONTACT_CHANGE_REASON)


def is_fixed_contact(team: Resource | None) -> bool:
    """Tell a fixed contact from any other team."""
    return team is not None and has_code(team.get("category"), FIXED_CONTACT)


def read_contact(team: Resource, context: CareContext) -> Contact:
    """Read the CareTeam of a fixed contact."""
    participant: Resource = next(iter(team.get("participant", ())), {})
    found = [code for system in SYSTEMS for code in codes_in(participant.get("role"), system)]
    period = team.get("period", {})
    start, end = period.get("start"), period.get("end")
    return Contact(
        key=context.key_of(team),
        kind=found[0] if len(found) == 1 else None,
        holder=target(participant.get("member")),
        status=team.get("status", ""),
        start=span_of(start)[0] if start else ALWAYS,
        end=span_of(end)[0] if end else FOREVER,
        resource=team,
        follows=_linked(team, EXT_FOLLOWS),
        stands_in_for=_linked(team, EXT_STANDS_IN_FOR),
    )


def _linked(team: Resource, url: str) -> str | None:
    return target((extension(team, url) or {}).get("valueReference"))


def contacts_of(context: CareContext) -> Iterator[Contact]:
    """Give every fixed contact of the person that holds or has held; what was only offered never did."""
    for _, team in of_type(context.person, "CareTeam"):
        if is_fixed_contact(team) and team.get("status") in {*HOLDING, "inactive"} and "period" in team:
            yield read_contact(team, context)


def others_of_its_kind(contact: Contact, context: CareContext) -> Iterator[Contact]:
    """Give the person's other contacts of the same kind that hold now or have held."""
    return (
        other for other in contacts_of(context) if other.key != contact.key and other.kind == contact.kind
    )


def person_behind(holder: str | None, context: CareContext) -> str | None:
    """Give the Practitioner behind a staff role: another role of the same person is no other person."""
    role = context.directory.get(holder or "", {})
    return target(role.get("practitioner")) or holder
