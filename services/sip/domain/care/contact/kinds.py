"""Kinds of contact: Inera's four, which law speaks of, and further roles, which are data in contracts/fhir."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import orjson

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.contact.codes import CONTACT_ROLE
from services.sip.domain.care.reading import codes_in
from services.sip.domain.codes import (
    FIXED_CARE_CONTACT,
    FIXED_CONTACT_KIND,
    FIXED_COORDINATING_CONTACT,
    FIXED_DOCTOR,
    FIXED_HOME_CARE_CONTACT,
    LAKARE,
    PROTECTED_TITLE,
    UNDERSKOTERSKA,
    Code,
)

SYSTEMS: Final = (FIXED_CONTACT_KIND, CONTACT_ROLE)


@dataclass(frozen=True, slots=True)
class ContactKind:
    """One kind: its code, its word in addresses and in Swedish, and what is asked of it.

    `one_because` is why a person has one at a time (empty: there may be several), `title` what its holder must be.
    """

    code: Code
    slug: str
    text: str
    one_because: str = ""
    title: Code | None = None
    title_because: str = ""


_OF_INERA: Final = (
    ContactKind(FIXED_CARE_CONTACT, "fast-vardkontakt", "Fast vårdkontakt"),
    ContactKind(
        FIXED_DOCTOR,
        "fast-lakarkontakt",
        "Fast läkarkontakt i primärvård",
        "HSL 7 kap. 3 §; HSL 7 kap. 3 a §",
        LAKARE,
        agreed("doctor_contact_is_doctor"),
    ),
    ContactKind(
        FIXED_HOME_CARE_CONTACT,
        "fast-omsorgskontakt",
        "Fast omsorgskontakt i hemtjänsten",
        "SoL 10 kap. 7 §",
        UNDERSKOTERSKA,
        "SoL 25 kap. 4 §",
    ),
    ContactKind(
        FIXED_COORDINATING_CONTACT,
        "fast-vardkontakt-samordnande",
        "Fast vårdkontakt med övergripande samordningsansvar",
        agreed("one_coordinating_contact"),
    ),
)


@cache
def kinds() -> Mapping[str, ContactKind]:
    """Give every kind by its code; no two systems share one."""
    return {one.code.code: one for one in (*_OF_INERA, *_of_data())}


def kind_named(slug: str) -> ContactKind | None:
    """Give the kind with this word in addresses."""
    return next((one for one in kinds().values() if one.slug == slug), None)


def kind_of_role(role: Any) -> ContactKind | None:
    """Give the kind that a participant's role (a list of CodeableConcepts) names."""
    found = [code for system in SYSTEMS for code in codes_in(role, system)]
    return kinds().get(found[0]) if found else None


def _of_data() -> Iterator[ContactKind]:
    file = files("contracts").joinpath("fhir", "codesystem-contact-role.json")
    for concept in orjson.loads(file.read_bytes())["concept"]:
        yield _from_concept(concept)


def _from_concept(concept: Mapping[str, Any]) -> ContactKind:
    properties = {one["code"]: one for one in concept.get("property", ())}
    title = properties.get("holder-title", {}).get("valueString")
    basis = properties.get("basis", {}).get("valueString", "")
    one = properties.get("one-at-a-time", {}).get("valueBoolean", False)
    return ContactKind(
        Code(CONTACT_ROLE, concept["code"]),
        concept["code"],
        concept["display"],
        basis if one else "",
        Code(PROTECTED_TITLE, title) if title else None,
        basis if title else "",
    )
