"""A child's record: from what age the child reads it alone, and until what age a guardian does.

A guardian decides with a child, whose own will counts for more each year (FB 6 kap. 11 §), and secrecy may hold towards
a guardian (OSL 12 kap. 3 §). No law names an age for direct access: 13 and 16 are those of 1177, and settings.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from services.sip.domain.codes import NOT_TO_GUARDIAN, PERSONNUMMER, SAMORDNINGSNUMMER
from services.sip.domain.held import ALWAYS, FOREVER, Held, Reader, Record, Resource
from services.sip.domain.moments import SWEDEN, span_of, span_of_period
from services.sip.domain.personal_number import PersonalNumber
from services.sip.domain.resource_types import values_at

GUARDIAN: Final = ("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "GUARD")


@dataclass(frozen=True, slots=True)
class Ages:
    """In completed years."""

    own_from: int = 16
    guardian_until: int = 13


def themselves(person: str, patient: Resource | None, ages: Ages) -> Reader:
    """Give the person's own right: a child's begins on a birthday, at the latest it can be."""
    latest = _birthday(patient, ages.own_from, latest=True)
    return Reader(person, latest or ALWAYS, FOREVER)


def guardians(record: Record, patient: Resource | None, ages: Ages) -> list[Reader]:
    """Give the rights of a child's guardians: while they are that, until a birthday, at the earliest it can be."""
    until = _birthday(patient, ages.guardian_until)
    return [] if until is None else [*_guardians(record, until)]


def may_have_guardians(patient: Resource | None, ages: Ages, now: datetime) -> bool:
    """Tell whether the child is so young that a guardian may read."""
    until = _birthday(patient, ages.guardian_until)
    return until is not None and now < until


def kept_from_guardians(held: Held) -> bool:
    """Tell whether it is marked as not to be told to a guardian, whom secrecy then holds towards."""
    return any(
        (one.get("system"), one.get("code")) == NOT_TO_GUARDIAN
        for one in values_at(held.resource, "meta.security")
    )


def _guardians(record: Record, until: datetime) -> Iterator[Reader]:
    for held in record.values():
        if held.type != "RelatedPerson" or held.deleted or held.resource.get("active") is False:
            continue
        codings = values_at(held.resource, "relationship.coding")
        if any((one.get("system"), one.get("code")) == GUARDIAN for one in codings):
            start, end = span_of_period(held.resource.get("period"))
            yield Reader(held.key, start, min(end, until))


def _birthday(patient: Resource | None, years: int, *, latest: bool = False) -> datetime | None:
    """Give midnight in Sweden of a birthday: the first that it can be, or the latest."""
    text = str((patient or {}).get("birthDate") or _in_number(patient))
    try:
        first, after = (at.astimezone(SWEDEN) for at in span_of(text))
    except (ValueError, OverflowError):
        return None
    born = (after - timedelta(hours=12) if latest else first).date()
    try:
        day = born.replace(year=born.year + years)
    except ValueError:
        day = date(born.year + years, 3, 1)  # who was born on the 29th of February, in a year without
    return datetime.combine(day, time(), SWEDEN).astimezone(UTC)


def _in_number(patient: Resource | None) -> str:
    for one in (patient or {}).get("identifier", ()):
        if one.get("system") in {PERSONNUMMER, SAMORDNINGSNUMMER} and len(str(one.get("value"))) == 12:
            born = PersonalNumber(one["value"]).birth_date
            return born.isoformat() if born else str(one["value"][:4])
    return ""
