"""Who held which contact when: on a day, and the times in which nobody did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

from services.sip.domain.care.contact.codes import EXT_GAP
from services.sip.domain.care.contact.facts import HOLDING, Contact, read_contact
from services.sip.domain.care.contact.kinds import kinds
from services.sip.domain.care.contact.steps import steps_of
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.reading import codes_in, extension
from services.sip.domain.codes import CONTACT_CHANGE_REASON
from services.sip.domain.held import ALWAYS, FOREVER, Resource
from services.sip.domain.moments import SWEDEN


@dataclass(frozen=True, slots=True)
class Absence:
    """A time without a contact of a kind that was held before; `end` None: still. `reason` None: not stated."""

    kind: str
    start: str
    end: str | None
    reason: str | None


def held_on(team: Resource, day: date) -> bool:
    """Tell whether it held at any time of that day in Sweden; what ends on a date ends as that day begins."""
    if team.get("status") not in {*HOLDING, "inactive"} or not team.get("period"):
        return False
    contact = _read(team)
    first = datetime.combine(day, time(), SWEDEN)
    last = datetime.combine(day, time.max, SWEDEN)
    return contact.start <= last and first < contact.end


def absences(teams: Iterable[Resource]) -> Iterator[Absence]:
    """Give the times without a contact, of the kinds of which a person has one at a time."""
    held: dict[str, list[Contact]] = {}
    for team in teams:
        contact = _read(team)
        holds = contact.status in {*HOLDING, "inactive"} and contact.start != ALWAYS
        kind = kinds().get(contact.kind or "")
        if holds and kind is not None and kind.one_because and contact.stands_in_for is None:
            held.setdefault(kind.code.code, []).append(contact)
    for kind_code, contacts in held.items():
        contacts.sort(key=lambda one: one.start)
        for earlier, later in pairwise(contacts):
            if earlier.end < later.start:
                yield Absence(
                    kind_code, _end(earlier), later.resource["period"]["start"], _why(earlier, later)
                )
        if contacts[-1].end != FOREVER and contacts[-1].status == "inactive":
            yield Absence(kind_code, _end(contacts[-1]), None, _why(contacts[-1], None))


def _why(earlier: Contact, later: Contact | None) -> str | None:
    if later is not None:
        stated = (extension(later.resource, EXT_GAP) or {}).get("valueCodeableConcept")
        if codes := codes_in(stated, CONTACT_CHANGE_REASON):
            return codes[0]
    steps = steps_of(earlier.resource)
    return steps[-1].reason if steps else None


def _end(contact: Contact) -> str:
    return str(contact.resource["period"]["end"])


def _read(team: Resource) -> Contact:
    return read_contact(team, CareContext(ALWAYS, {}, {}))
