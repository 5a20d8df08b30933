"""Sample checks of the access log: what makes an access worth a second look (PDL 4 kap. 3 §, HSLF-FS 2016:40 4 kap.).

A rule finds what may have an explanation, and often has: people decide.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from services.sip.domain.held import Resource
from services.sip.domain.resource_types import values_at

Rule = Literal["random", "same-surname", "own-colleague", "famous-person", "no-visit"]
Verdict = Literal["in-order", "to-investigate", "breach"]
LONGEST: Final = timedelta(days=366)
BEFORE: Final = timedelta(days=30)
AFTER: Final = timedelta(days=30)
"""How long before and after a visit an access is explained by it."""
FAMOUS: Final = "CEL"
STAFF: Final = "EMP"
"""HL7's security labels for persons who are looked up out of curiosity: the well-known, and one's own staff."""
_ACT_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


@dataclass(frozen=True, slots=True)
class Looked:
    """What one employee at one unit did to one person's record in a time: how often, and the last entry."""

    number: str
    at: datetime
    employee: str
    unit: str
    person: str
    times: int


def same_surname(employee: Resource, person: Resource) -> bool:
    """Tell whether they bear the same surname."""
    return not _surnames(employee).isdisjoint(_surnames(person))


def is_own_colleague(person: Resource, staff: Collection[tuple[str, str]]) -> bool:
    """Tell whether the person is labelled as staff, or has the full name of somebody among the staff."""
    return _labelled(person, STAFF) or not full_names(person).isdisjoint(staff)


def is_famous(person: Resource) -> bool:
    """Tell whether the person is labelled as well known."""
    return _labelled(person, FAMOUS)


def full_names(somebody: Resource) -> frozenset[tuple[str, str]]:
    """Give first given name and surname, of each name that has both."""
    names = [one for one in somebody.get("name", ()) if one.get("family") and one.get("given")]
    return frozenset((_plain(one["given"][0]), _plain(one["family"])) for one in names)


def _surnames(somebody: Resource) -> frozenset[str]:
    return frozenset(_plain(one["family"]) for one in somebody.get("name", ()) if one.get("family"))


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def _labelled(person: Mapping[str, Any], code: str) -> bool:
    labels = values_at(person, "meta.security")
    return any((one.get("system"), one.get("code")) == (_ACT_CODE, code) for one in labels)
