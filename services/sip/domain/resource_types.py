"""The one table of resource types: what is served, how it hangs on a person, who may write it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from services.sip.domain.references import local_key


class Kind(Enum):
    """How a type is guarded."""

    PERSON = "part of a person's record: readers decide"
    DIRECTORY = "directory: readable with any valid token"
    DERIVED = "made by the service: read and search only"


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One row of the table, elements given as dotted paths.

    `person` may hold the Patient reference, `via` leads to a resource whose patient it shares, `belongs` makes
    it part of a plan's circle, `addressees` are those it is sent or assigned to.
    """

    name: str
    kind: Kind
    person: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    belongs: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    whole_record: bool = False
    """Its rules, or who may read, depend on the whole record of the person."""


_PERSON, _DIRECTORY, _DERIVED = Kind.PERSON, Kind.DIRECTORY, Kind.DERIVED

TYPES: Final[Mapping[str, ResourceType]] = {
    row.name: row
    for row in (
        ResourceType("Patient", _PERSON, whole_record=True),
        ResourceType("RelatedPerson", _PERSON, ("patient",), whole_record=True),
        ResourceType("Practitioner", _DIRECTORY),
        ResourceType("PractitionerRole", _DIRECTORY),
        ResourceType("Organization", _DIRECTORY),
        ResourceType("HealthcareService", _DIRECTORY),
        ResourceType("CarePlan", _PERSON, ("subject",), whole_record=True),
        ResourceType("CareTeam", _PERSON, ("subject",), whole_record=True),
        ResourceType("Goal", _PERSON, ("subject",), whole_record=True),
        ResourceType(
            "Task", _PERSON, ("for",), ("basedOn",), ("basedOn", "partOf"), ("owner",), whole_record=True
        ),
        ResourceType("Condition", _PERSON, ("subject",), whole_record=True),
        ResourceType("Observation", _PERSON, ("subject",), belongs=("basedOn",), whole_record=True),
        ResourceType(
            "Consent", _PERSON, ("patient",), belongs=("provision.data.reference",), whole_record=True
        ),
        ResourceType(
            "Appointment",
            _PERSON,
            ("participant.actor",),
            belongs=("supportingInformation",),
            addressees=("participant.actor",),
            whole_record=True,
        ),
        ResourceType(
            "AppointmentResponse", _PERSON, (), ("appointment",), ("appointment",), whole_record=True
        ),
        ResourceType(
            "Communication",
            _PERSON,
            ("subject",),
            belongs=("basedOn", "about"),
            addressees=("recipient",),
            whole_record=True,
        ),
        ResourceType("QuestionnaireResponse", _PERSON, ("subject",), belongs=("basedOn",), whole_record=True),
        ResourceType("Encounter", _PERSON, ("subject",)),
        ResourceType("Provenance", _PERSON, (), ("target",), ("target",), whole_record=True),
        ResourceType("AuditEvent", _DERIVED),
        ResourceType("Measure", _DERIVED),
        ResourceType("MeasureReport", _DERIVED),
        ResourceType("StructureDefinition", _DERIVED),
        ResourceType("ValueSet", _DERIVED),
        ResourceType("CodeSystem", _DERIVED),
        ResourceType("NamingSystem", _DERIVED),
        ResourceType("Questionnaire", _DERIVED),
        ResourceType("SearchParameter", _DERIVED),
        ResourceType("OperationDefinition", _DERIVED),
    )
}

BULK: Final = ("Encounter",)
"""Types of which a person may have very many, and which no rule about the record as a whole looks at."""


def values_at(resource: Mapping[str, Any], path: str) -> list[Any]:
    """Give every value at a dotted path, lists opened on the way."""
    found: list[Any] = [resource]
    for name in path.split("."):
        opened = [node[name] for node in found if isinstance(node, dict) and name in node]
        found = [one for value in opened for one in (value if isinstance(value, list) else [value])]
    return found


def references_at(resource: Mapping[str, Any], *paths: str) -> list[str]:
    """Give the `Type/id` of every local reference at the paths."""
    nodes = (node for path in paths for node in values_at(resource, path) if isinstance(node, dict))
    return [key for key in (local_key(node.get("reference")) for node in nodes) if key]


def person_of(key: str, resource: Mapping[str, Any]) -> str | None:
    """Give the `Patient/id` this resource names itself; a Patient is its own."""
    row = TYPES[str(resource["resourceType"])]
    if row.name == "Patient":
        return key
    named = [one for one in references_at(resource, *row.person) if one.startswith("Patient/")]
    return named[0] if named else None
