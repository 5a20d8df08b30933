"""A plan as one FHIR document: a Composition that says what stands where, then everything it speaks of.

http://hl7.org/fhir/R4/documents.html: a receiving journal system files the Bundle as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any, Final

from services.sip.domain.held import Resource

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Planen": ("CarePlan",),
    "Behov": ("Condition",),
    "Vad som är viktigt": ("Observation",),
    "Mål": ("Goal",),
    "Insatser och uppföljning": ("Task",),
    "Team och kontakter": (
        "CareTeam", "RelatedPerson", "PractitionerRole", "Practitioner", "Organization", "HealthcareService",
    ),
    "Samtycke": ("Consent",),
    "Möten och kontakter": ("Appointment", "AppointmentResponse", "Communication", "Encounter"),
    "Uppföljningens utfall": ("QuestionnaireResponse", "Provenance"),
}  # fmt: skip
"""What a resident and staff read as headings, and which types stand under them."""

PLAN_OF_CARE: Final = {"system": "http://loinc.org", "code": "18776-5", "display": "Plan of care note"}


def composition(plan: Resource, others: Sequence[Resource], at: str) -> Resource:
    """Write the Composition; `at` is the instant of the document. The first of the others is not special."""
    resources = [plan, *others]
    title = plan.get("title") or "Samordnad individuell plan"
    author = plan.get("author") or next(iter(plan.get("contributor", ())), None) or {"display": "Samplan"}
    return {
        "resourceType": "Composition",
        "id": f"{plan['id']}-{plan['meta']['versionId']}"[-64:],
        "status": "entered-in-error" if plan["status"] == "entered-in-error" else "final",
        "type": {"coding": [PLAN_OF_CARE], "text": "Samordnad individuell plan"},
        "subject": plan["subject"],
        "date": at,
        "author": [author],
        "title": title,
        "section": [*_sections(resources)],
    }


def _sections(resources: Sequence[Resource]) -> Iterable[dict[str, Any]]:
    for title, kinds in SECTIONS.items():
        found = [one for one in resources if one["resourceType"] in kinds]
        if found:
            yield {
                "title": title,
                "text": {"status": "generated", "div": _div(found)},
                "entry": [{"reference": f"{one['resourceType']}/{one['id']}"} for one in found],
            }


def _div(resources: Iterable[Resource]) -> str:
    items = "".join(f"<li>{escape(said)}</li>" for one in resources if (said := _said(one)))
    inside = f"<ul>{items}</ul>" if items else "<p>Se resurserna.</p>"
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{inside}</div>'


def _said(resource: Resource) -> str:
    """Give the words that stand in the resource itself, where it has any."""
    for name in ("title", "description", "valueString", "name", "code", "scope"):
        value = resource.get(name)
        if isinstance(value, str):
            return value
        if isinstance(value, dict) and isinstance(value.get("text"), str):
            return str(value["text"])
        if isinstance(value, list) and value and isinstance(value[0], dict):
            first = value[0]
            given = [
                str(first.get("text") or " ".join([*first.get("given", ()), first.get("family", "")]).strip())
            ]
            return given[0]
    return ""
