"""Where a directory row belongs: the unit it stands for and the care giver that answers for it."""

from collections.abc import Mapping
from typing import Any

from services.sip.domain.codes import HSA_ID_SYSTEMS
from services.sip.domain.held import Directory, Place, Resource
from services.sip.domain.resource_types import references_at


def hsa_id_of(resource: Mapping[str, Any]) -> str | None:
    """Give the HSA-id among the identifiers, if there is one."""
    identifiers = resource.get("identifier", [])
    return next(
        (one["value"] for one in identifiers if one.get("system") in HSA_ID_SYSTEMS and "value" in one), None
    )


def place_of(resource: Resource, directory: Directory) -> Place:
    """Derive the place: a unit's giver is the top of its partOf; a role's or service's place is its organization's."""
    match resource["resourceType"]:
        case "Organization":
            own = hsa_id_of(resource)
            parents = [directory[key] for key in references_at(resource, "partOf") if key in directory]
            return Place(own, parents[0].place.giver if parents else own)
        case "PractitionerRole":
            return _first(directory, references_at(resource, "organization"))
        case "HealthcareService":
            return _first(directory, references_at(resource, "providedBy"))
        case _:
            return Place()


def _first(directory: Directory, keys: list[str]) -> Place:
    return next((directory[key].place for key in keys if key in directory), Place())
