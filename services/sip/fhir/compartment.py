"""The Patient compartment: https://hl7.org/fhir/R4/compartmentdefinition-patient.html.

Everything in a person's record refers to that person, so the compartment is the record; where R4 asks for more than
that, the parameters that decide stand here.
"""

from collections.abc import Mapping
from typing import Final

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, NotSupported
from services.sip.domain.search_query import AnyCondition, SearchQuery, TermCondition
from services.sip.domain.search_terms import REFERRED
from services.sip.fhir.search_values import ID

PARAMS_OF_PATIENT: Final[Mapping[str, tuple[str, ...]]] = {
    "Appointment": ("actor",),
    "AppointmentResponse": ("actor",),
    "AuditEvent": ("patient",),
    "CarePlan": ("patient", "performer"),
    "CareTeam": ("patient", "participant"),
    "Communication": ("subject", "sender", "recipient"),
    "Condition": ("patient", "asserter"),
    "Consent": ("patient",),
    "Encounter": ("patient",),
    "Goal": ("patient",),
    "MeasureReport": ("patient",),
    "Observation": ("subject", "performer"),
    "Patient": ("link",),
    "Provenance": ("patient",),
    "QuestionnaireResponse": ("subject", "author"),
    "RelatedPerson": ("patient",),
    "Task": ("patient", "focus"),
}


def compartment_search(compartment: str, number: str, kind: str) -> SearchQuery:
    """Give the search within `/{compartment}/{number}/{kind}`; raises NotSupported, BadRequest."""
    if compartment != "Patient" or kind not in PARAMS_OF_PATIENT:
        text = f"{kind[:40]} is not searched within {compartment[:40]}: of compartments, that of Patient is served."
        raise NotSupported(Told("not-supported", text))
    if not ID.fullmatch(number):
        raise BadRequest(Told("value", f"{number!r:.70} is no id."))
    found = tuple(
        TermCondition(param, (f"{param}{REFERRED}Patient/{number}",)) for param in PARAMS_OF_PATIENT[kind]
    )
    if kind == "AuditEvent":
        return SearchQuery(kind, found)
    return SearchQuery(
        kind, [found[0] if len(found) == 1 else AnyCondition(found)], patient=(f"Patient/{number}",)
    )
