"""What a fixed contact says: its kind, its holder, from when to when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from services.sip.domain.care.context import CareContext
from services.sip.domain.care.reading import codes_in, has_code, of_type, target
from services.sip.domain.codes import (
    FIXED_CONTACT,
    FIXED_CONTACT_KIND,
    FIXED_COORDINATING_CONTACT,
    FIXED_DOCTOR,
    FIXED_HOME_CARE_CONTACT,
)
from services.sip.domain.held import ALWAYS, FOREVER, Resource
from services.sip.domain.moments import span_of

DOCTOR: Final = FIXED_DOCTOR.code
HOME_CARE: Final = FIXED_HOME_CARE_CONTACT.code
COORDINATING: Final = FIXED_COORDINATING_CONTACT.code
ONE_AT_A_TIME: Final = frozenset({DOCTOR, HOME_CARE, COORDINATING})
"""Kinds of which a person has one at a time; of fast vårdkontakt (1) there may be several."""


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

    def overlaps(self, other: "Contact") -> bool:
        """Tell whether the two ever hold at the same time."""
        return self.start < other.end and other.start < self.end


def is_fixed_contact(team: Resource | None) -> bool:
    """Tell a fixed contact from any other team."""
    return team is not None and has_code(team.get("category"), FIXED_CONTACT)


def read_contact(team: Resource, context: CareContext) -> Contact:
    """Read the CareTeam of a fixed contact."""
    participant: Resource = next(iter(team.get("participant", ())), {})
    kinds = codes_in(participant.get("role"), FIXED_CONTACT_KIND)
    period = team.get("period", {})
    start, end = period.get("start"), period.get("end")
    return Contact(
        key=context.key_of(team),
        kind=kinds[0] if len(kinds) == 1 else None,
        holder=target(participant.get("member")),
        status=team.get("status", ""),
        start=span_of(start)[0] if start else ALWAYS,
        end=span_of(end)[0] if end else FOREVER,
        resource=team,
    )


def others_of_its_kind(contact: Contact, context: CareContext) -> Iterator[Contact]:
    """Give the person's other contacts of the same kind that hold now or have held."""
    for key, team in of_type(context.person, "CareTeam"):
        if key != contact.key and is_fixed_contact(team) and team.get("status") in {"active", "inactive"}:
            other = read_contact(team, context)
            if other.kind == contact.kind:
                yield other
