"""Which unit stands behind a reference, and which huvudman (principal) answers for that unit.

A region or municipality that has work done by others stays the huvudman (HSL 15 kap. 1 §, SoL 4 kap. 3 §), so
`partOf` is followed up to the first of them. A municipality outside any region is both (HSL 1 kap. 2 §).
"""

from collections.abc import Iterator
from typing import Final

from services.sip.domain.care.context import CareContext
from services.sip.domain.care.reading import codes_in, has_code, target
from services.sip.domain.codes import MUNICIPALITY, ORGANIZATION_TYPE, REGION, Code
from services.sip.domain.held import Resource

PRINCIPALS: Final = (REGION.code, MUNICIPALITY.code)
_HIGHEST: Final = 8
"""More levels of organization than any care giver has; keeps a circle of partOf from being endless."""


def unit_behind(key: str | None, context: CareContext) -> str | None:
    """Give the Organization key behind an Organization, PractitionerRole or HealthcareService, if known."""
    found = context.directory.get(key) if key else None
    if found is None or key is None:
        return None
    match found["resourceType"]:
        case "Organization":
            return key
        case "PractitionerRole":
            return _known(target(found.get("organization")), context)
        case "HealthcareService":
            return _known(target(found.get("providedBy")), context)
        case _:
            return None


def _known(key: str | None, context: CareContext) -> str | None:
    return key if key in context.directory else None


def upwards(unit: str, context: CareContext) -> Iterator[str]:
    """Give the unit and every organization above it, as Organization keys."""
    key: str | None = unit
    for _ in range(_HIGHEST):
        organization = context.directory.get(key) if key else None
        if organization is None or key is None:
            return
        yield key
        key = target(organization.get("partOf"))


def principals_of(unit: str | None, context: CareContext) -> frozenset[str]:
    """Give "region", "municipality" or both for the huvudman that answers for the unit; empty if unknown."""
    for key in upwards(unit, context) if unit else ():
        found = _principals(context.directory[key])
        if found:
            return found
    return frozenset()


def _principals(organization: Resource) -> frozenset[str]:
    types = codes_in(organization.get("type"), ORGANIZATION_TYPE)
    return frozenset(types).intersection(PRINCIPALS)


def holds_title(role: Resource, title: Code, context: CareContext) -> bool:
    """Tell whether the person behind a PractitionerRole has a title (patientsäkerhetslagen 4 kap.)."""
    person = context.directory.get(target(role.get("practitioner")) or "", {})
    return any(has_code(one.get("code"), title) for one in person.get("qualification", ()))
