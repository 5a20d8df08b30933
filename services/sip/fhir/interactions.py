"""The one table of what is served under /fhir: routes, CapabilityStatement and OpenAPI file are all made from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from services.sip.domain.resource_types import TYPES, Kind

HL7: Final = "http://hl7.org/fhir/OperationDefinition/"
OURS: Final = "https://samplan.example/fhir/OperationDefinition/"
COMPARTMENT: Final = "search-compartment"
"""Served for Patient; FHIR declares it as a compartment of the server, not as an interaction of a type."""


@dataclass(frozen=True, slots=True)
class Interaction:
    """One thing that can be asked: FHIR's code for it, HTTP's method and the address beneath /fhir.

    `conditional` marks the form with criteria in place of an id; `writes` what the service's own types refuse.
    """

    code: str
    method: str
    path: str
    summary: str
    writes: bool = True
    conditional: bool = False

    @property
    def of_system(self) -> bool:
        """Tell whether it is asked of the whole server."""
        return "{type}" not in self.path


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation ($name): at which types (none: all), of the type, of an instance, by which methods."""

    name: str
    definition: str
    types: frozenset[str]
    summary: str
    of_type: bool = True
    of_instance: bool = True
    methods: tuple[str, ...] = ("GET", "POST")
    takes: str = "application/fhir+json"
    gives: str = "application/fhir+json"
    """Media types of the body and of the answer; errors are always JSON."""
    inputs: tuple[str, ...] = ()
    """Query parameters, where it takes no Parameters."""

    def is_for(self, kind: str) -> bool:
        """Tell whether a type has it."""
        return kind in self.types

    @property
    def paths(self) -> Sequence[str]:
        """Give its addresses beneath /fhir."""
        found = (
            (f"/{{type}}/${self.name}", self.of_type),
            (f"/{{type}}/{{id}}/${self.name}", self.of_instance),
        )
        return [path for path, served in found if served]


INTERACTIONS: Final = (
    Interaction("batch", "POST", "", "Act on a Bundle of type transaction or batch"),
    Interaction(
        "history-system", "GET", "/_history", "Versions of all resources, newest first", writes=False
    ),
    Interaction("search-type", "GET", "/{type}", "Search", writes=False),
    Interaction("search-type", "POST", "/{type}/_search", "Search, the parameters in the body", writes=False),
    Interaction("history-type", "GET", "/{type}/_history", "Versions of all resources of the type"),
    Interaction("create", "POST", "/{type}", "Create, on a condition where If-None-Exist gives one"),
    Interaction("update", "PUT", "/{type}", "Update what the criteria find", conditional=True),
    Interaction("patch", "PATCH", "/{type}", "Patch what the criteria find", conditional=True),
    Interaction("delete", "DELETE", "/{type}", "Delete what the criteria find", conditional=True),
    Interaction("read", "GET", "/{type}/{id}", "Read", writes=False),
    Interaction("update", "PUT", "/{type}/{id}", "Update the version that If-Match names"),
    Interaction("patch", "PATCH", "/{type}/{id}", "Patch the version that If-Match names"),
    Interaction("delete", "DELETE", "/{type}/{id}", "Delete the version that If-Match names"),
    Interaction("history-instance", "GET", "/{type}/{id}/_history", "Versions of the resource"),
    Interaction("vread", "GET", "/{type}/{id}/_history/{vid}", "Read one version"),
    Interaction(COMPARTMENT, "GET", "/{type}/{id}/{kind}", "Search within a person's record", writes=False),
    Interaction(
        COMPARTMENT, "POST", "/{type}/{id}/{kind}/_search", "Search within a person's record", writes=False
    ),
)

WRITTEN: Final = frozenset(name for name, row in TYPES.items() if row.kind is not Kind.DERIVED)

_PERSON, _PLAN = frozenset({"Patient"}), frozenset({"CarePlan"})
_CONTACT = frozenset({"Encounter"})
_VALUES, _CODES = frozenset({"ValueSet"}), frozenset({"CodeSystem"})

OPERATIONS: Final = (
    Operation(
        "validate",
        HL7 + "Resource-validate",
        WRITTEN,
        "Check a resource; nothing is stored",
    ),
    Operation("everything", HL7 + "Patient-everything", _PERSON, "The person's whole record", of_type=False),
    Operation("everything", OURS + "care-plan-everything", _PLAN, "The plan as one document", of_type=False),
    Operation(
        "evaluate-measure",
        HL7 + "Measure-evaluate-measure",
        frozenset({"Measure"}),
        "The day's figures, or the persons behind them for who may see them",
        of_type=False,
    ),
    Operation("expand", HL7 + "ValueSet-expand", _VALUES, "The codes of a value set of ours"),
    Operation("validate-code", HL7 + "ValueSet-validate-code", _VALUES, "Is it in the value set?"),
    Operation("validate-code", HL7 + "CodeSystem-validate-code", _CODES, "Is it in the code system?"),
    Operation(
        "import",
        OURS + "encounter-import",
        _CONTACT,
        "Load contacts, one a line; GET: how far it came",
        takes="application/fhir+ndjson",
        inputs=("id", "line"),
        of_instance=False,
    ),
    Operation(
        "import-report",
        OURS + "encounter-import-report",
        _CONTACT,
        "What an import refused, one line of it a line",
        of_instance=False,
        methods=("GET",),
        gives="application/fhir+ndjson",
        inputs=("id", "after"),
    ),
)


def interactions_of(kind: str) -> list[str]:
    """Give FHIR's codes of what is served for a type, each once: what the service makes itself is only read."""
    served = [one for one in INTERACTIONS if not one.of_system and (kind in WRITTEN or not one.writes)]
    return list(dict.fromkeys(one.code for one in served if one.code != COMPARTMENT))
