"""Every invariant is broken once, and told by its key at its place; the same node without the break is good."""

from typing import Any

import pytest

from services.sip.domain.shape import shape_issues
from services.sip.domain.shape.walk import INVARIANTS
from tests.sip.domain.shape.samples import UCUM, node_in, node_of, resource_with

REF = {"reference": "Patient/a"}
QUANTITY = {"value": 1, "unit": "st"}
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope"
CODE = {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}
DATA = [{"type": "Patient"}]
PATIENT = {"resourceType": "Patient"}


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


# key, type, changes that break it (None takes an element away); each key at least once.
BROKEN: list[tuple[str, str, dict[str, Any]]] = [
    ("ext-1", "Extension", {"valueString": None}),
    ("ext-1", "Extension", {"extension": [{"url": "urn:x", "valueCode": "x"}]}),
    ("qty-3", "Quantity", {"code": "kg"}),
    ("qty-3", "Age", {"system": None}),
    ("sqty-1", "SimpleQuantity", {"comparator": "<"}),
    ("age-1", "Age", {"value": 0}),
    ("age-1", "Age", {"code": None}),
    ("age-1", "Age", {"system": "urn:x"}),
    ("cnt-3", "Count", {"value": 1.5}),
    ("cnt-3", "Count", {"code": "2"}),
    ("dis-1", "Distance", {"system": "urn:x"}),
    ("drt-1", "Duration", {"value": None}),
    ("drt-1", "Duration", {"system": "urn:x"}),
    ("per-1", "Period", {"start": "2026-03-02", "end": "2026-03-01"}),
    ("per-1", "Period", {"start": "2026-04", "end": "2026-03-31"}),
    ("per-1", "Period", {"start": "2026-03-01T12:00:01Z", "end": "2026-03-01T13:00:00+01:00"}),
    ("rng-2", "Range", {"low": {"value": 2}, "high": {"value": 1.5}}),
    (
        "rng-2",
        "Range",
        {"low": {"value": 2, "system": UCUM, "code": "a"}, "high": {"value": 1, "system": UCUM, "code": "a"}},
    ),
    ("rat-1", "Ratio", {"numerator": None}),
    ("rat-1", "Ratio", {"denominator": None}),
    ("rat-1", "Ratio", {"denominator": None, "numerator": None, "id": "e1"}),
    ("att-1", "Attachment", {"data": "AAAA"}),
    ("cpt-2", "ContactPoint", {"value": "0701740605", "system": None}),
    ("exp-1", "Expression", {"expression": None}),
    ("drq-1", "DataRequirement.codeFilter", {"searchParam": "code"}),
    ("drq-2", "DataRequirement.dateFilter", {"searchParam": "date"}),
    ("tim-1", "Timing.repeat", {"duration": 1}),
    ("tim-2", "Timing.repeat", {"period": 1}),
    ("tim-4", "Timing.repeat", {"duration": -1, "durationUnit": "h"}),
    ("tim-5", "Timing.repeat", {"period": -0.5, "periodUnit": "d"}),
    ("tim-6", "Timing.repeat", {"periodMax": 2}),
    ("tim-7", "Timing.repeat", {"durationMax": 2}),
    ("tim-8", "Timing.repeat", {"count": None, "countMax": 2}),
    ("tim-9", "Timing.repeat", {"offset": 10}),
    ("tim-9", "Timing.repeat", {"offset": 10, "when": ["MORN", "CM"]}),
    ("tim-10", "Timing.repeat", {"timeOfDay": ["08:00:00"], "when": ["MORN"]}),
    ("trd-1", "TriggerDefinition", {"data": DATA, "timingDate": "2026-01-01"}),
    ("trd-2", "TriggerDefinition", {"condition": {"language": "text/cql", "expression": "true"}}),
    ("trd-3", "TriggerDefinition", {"name": None}),
    ("trd-3", "TriggerDefinition", {"type": "periodic"}),
    ("trd-3", "TriggerDefinition", {"type": "data-added"}),
    ("pat-1", "Patient.contact", {"name": None, "gender": "female"}),
    ("org-1", "Organization", {"name": None}),
    ("org-2", "Organization", {"address": [{"city": "Gävle"}, {"use": "home", "city": "Gävle"}]}),
    ("org-3", "Organization", {"telecom": [{"use": "home", "system": "phone", "value": "1"}]}),
    ("cpl-3", "CarePlan.activity", {"reference": {"reference": "Task/a"}, "detail": {"status": "unknown"}}),
    ("gol-1", "Goal.target", {"measure": None, "detailString": "gå till affären"}),
    ("inv-1", "Task", {"authoredOn": "2026-03-02", "lastModified": "2026-03-01"}),
    ("con-1", "Condition.stage", {"summary": None, "type": {"text": "x"}}),
    (
        "con-2",
        "Condition.evidence",
        {"code": None, "id": "e1", "extension": [{"url": "urn:x", "valueCode": "x"}]},
    ),
    ("con-4", "Condition", {"abatementString": "i våras"}),
    ("con-4", "Condition", {"abatementDateTime": "2026", "clinicalStatus": concept(CLINICAL, "active")}),
    (
        "con-5",
        "Condition",
        {
            "verificationStatus": concept(VERIFICATION, "entered-in-error"),
            "clinicalStatus": concept(CLINICAL, "active"),
        },
    ),
    ("obs-3", "Observation.referenceRange", {"low": None, "type": {"text": "x"}}),
    ("obs-6", "Observation", {"valueString": "x", "dataAbsentReason": {"text": "x"}}),
    (
        "obs-7",
        "Observation",
        {"code": CODE, "valueInteger": 1, "component": [{"code": CODE, "valueInteger": 1}]},
    ),
    ("ppc-1", "Consent", {"policy": None}),
    ("ppc-2", "Consent", {"scope": concept(SCOPE, "patient-privacy")}),
    ("ppc-3", "Consent", {"scope": concept(SCOPE, "research")}),
    ("ppc-4", "Consent", {"scope": concept(SCOPE, "adr")}),
    ("ppc-5", "Consent", {"scope": concept(SCOPE, "treatment")}),
    ("app-1", "Appointment.participant", {"type": None}),
    ("app-2", "Appointment", {"start": "2026-11-22T09:00:00Z"}),
    ("app-2", "Appointment", {"end": "2026-11-22T09:00:00Z"}),
    ("app-3", "Appointment", {"status": "booked"}),
    ("app-4", "Appointment", {"cancelationReason": {"text": "sjuk"}}),
    ("apr-1", "AppointmentResponse", {"actor": None}),
    ("qrs-1", "QuestionnaireResponse.item", {"item": [{"linkId": "1.1"}], "answer": [{"valueString": "x"}]}),
    ("grp-1", "Group", {"actual": False, "member": [{"entity": REF}]}),
    ("prr-1", "ServiceRequest", {"orderDetail": [{"text": "x"}]}),
    ("sev-1", "AuditEvent.entity", {"name": "x", "query": "AAAA"}),
    (
        "mea-1",
        "Measure.group.stratifier",
        {"code": None, "id": "e1", "extension": [{"url": "urn:x", "valueCode": "x"}]},
    ),
    (
        "mea-1",
        "Measure.group.stratifier",
        {"component": [{"criteria": {"language": "x", "expression": "x"}}]},
    ),
    ("mrp-1", "MeasureReport", {"type": "data-collection", "group": [{"code": {"text": "x"}}]}),
    ("mrp-2", "MeasureReport.group.stratifier.stratum", {"value": None, "measureScore": QUANTITY}),
    ("inv-1", "Parameters.parameter", {"valueString": None}),
    ("inv-1", "Parameters.parameter", {"part": [{"name": "x", "valueString": "x"}]}),
    ("inv-1", "Parameters.parameter", {"resource": PATIENT}),
    ("bdl-1", "Bundle", {"total": 0}),
    ("bdl-2", "Bundle", {"entry": [{"resource": PATIENT, "search": {"mode": "match"}}]}),
    ("bdl-3", "Bundle", {"type": "transaction", "entry": [{"resource": PATIENT}]}),
    ("bdl-3", "Bundle", {"entry": [{"resource": PATIENT, "request": {"method": "POST", "url": "Patient"}}]}),
    ("bdl-4", "Bundle", {"type": "batch-response", "entry": [{"resource": PATIENT}]}),
    ("bdl-4", "Bundle", {"entry": [{"resource": PATIENT, "response": {"status": "200"}}]}),
    ("bdl-5", "Bundle.entry", {"resource": None, "fullUrl": "urn:uuid:0b3d0b7e-7a9a-4c52-9a84-0f6d1f3f2a11"}),
    ("bdl-7", "Bundle", {"entry": [{"fullUrl": "http://x/Patient/1", "resource": PATIENT}] * 2}),
    ("bdl-8", "Bundle.entry", {"fullUrl": "http://x/Patient/1/_history/1"}),
    ("bdl-9", "Bundle", {"type": "document", "timestamp": "2026-11-22T09:00:00Z"}),
    ("bdl-10", "Bundle", {"type": "document", "identifier": {"system": "urn:x", "value": "1"}}),
    ("bdl-11", "Bundle", {"type": "document", "entry": [{"resource": PATIENT}]}),
    ("bdl-12", "Bundle", {"type": "message", "entry": [{"resource": PATIENT}]}),
]

# What lies near a break and is allowed.
KEPT: list[tuple[str, dict[str, Any]]] = [
    ("Period", {"start": "2026-03", "end": "2026-03-01"}),
    ("Period", {"start": "2026-03-01T23:30:00Z", "end": "2026-03-01"}),
    ("Period", {"start": "2026-03-01", "end": "2026-03-01"}),
    ("Range", {"low": {"value": 2, "unit": "kg"}, "high": {"value": 1, "unit": "ton"}}),
    ("Ratio", {"numerator": None, "denominator": None, "extension": [{"url": "urn:x", "valueCode": "x"}]}),
    ("Extension", {"valueString": None, "_valueString": {"extension": [{"url": "urn:x", "valueCode": "x"}]}}),
    ("Duration", {"code": None, "system": None, "unit": "timmar"}),
    ("Timing.repeat", {"offset": 10, "when": ["MORN"]}),
    ("Condition", {"abatementString": "i våras", "clinicalStatus": concept(CLINICAL, "resolved")}),
    ("Condition", {"verificationStatus": concept(VERIFICATION, "entered-in-error")}),
    ("Observation", {"code": CODE, "component": [{"code": CODE, "valueInteger": 1}]}),
    ("Consent", {"policy": None, "policyRule": {"text": "x"}}),
    ("Consent", {"scope": concept(SCOPE, "research"), "patient": REF}),
    ("Appointment", {"status": "booked", "start": "2026-11-22T09:00:00Z", "end": "2026-11-22T10:00:00Z"}),
    ("Appointment", {"status": "cancelled", "cancelationReason": {"text": "sjuk"}}),
    ("Task", {"authoredOn": "2026-03-02", "lastModified": "2026-03-02T00:00:00+01:00"}),
    ("Bundle", {"type": "history", "entry": [], "total": 0} | {"entry": None}),
    ("Group", {"actual": True, "member": [{"entity": REF}]}),
]


def changed(name: str, changes: dict[str, Any]) -> dict[str, Any]:
    resource = resource_with(name, node_of(name))
    node = node_in(resource, name)
    node |= {key: value for key, value in changes.items() if value is not None}
    for key in [key for key, value in changes.items() if value is None]:
        node.pop(key, None)
    return resource


def told(resource: dict[str, Any]) -> list[str]:
    """The texts of all issues, which have to be about invariants."""
    issues = shape_issues(resource)
    assert {issue.code for issue in issues} <= {"invariant"}
    return [f"{issue.expression}: {issue.text}" for issue in issues]


@pytest.mark.parametrize(("key", "name", "changes"), BROKEN)
def test_a_broken_invariant_is_told_by_its_key(key: str, name: str, changes: dict[str, Any]) -> None:
    before = told(resource_with(name, node_of(name)))
    after = told(changed(name, changes))

    assert not any(f"({key})" in text for text in before)
    assert any(f"({key})" in text for text in after), after


@pytest.mark.parametrize(("name", "changes"), KEPT)
def test_what_an_invariant_does_not_forbid_is_good(name: str, changes: dict[str, Any]) -> None:
    assert told(changed(name, changes)) == []


def test_no_invariant_is_without_a_case_that_breaks_it() -> None:
    ours = {(rule.key, name) for name, rules in INVARIANTS.items() for rule in rules}

    assert {key for key, _ in ours} == {key for key, _, _ in BROKEN}
    assert ours - {("qty-3", "Quantity")} <= {(key, name) for key, name, _ in BROKEN}
