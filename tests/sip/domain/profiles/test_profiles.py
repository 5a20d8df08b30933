"""Every kind of demand that our profiles make, broken once, is told at its place; what meets it is not."""

from typing import Any

import pytest

from services.sip.domain.profiles import Profiles
from services.sip.domain.profiles.differential import unread
from services.sip.domain.shape import shape_issues
from services.sip.domain.terminology import Terminology
from services.sip.main.published import published_contracts

BASE = "https://samplan.example/fhir/"
PUBLISHED = published_contracts()
PROFILES = Profiles(PUBLISHED, Terminology(PUBLISHED))
CONTACT_TYPE = "https://terminologitjansten.inera.se/inera-kodverksforvaltning/kodverk/kv_typ_av_fast_kontakt"
PATIENT = {"reference": "Patient/a"}
Json = dict[str, Any]


def concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


SIP = concept("https://fhir.inera.se/CodeSystem/typeofcareplan-cs", "SIP")
GOOD: dict[str, Json] = {
    "sip-care-plan": {
        "resourceType": "CarePlan",
        "status": "draft",
        "intent": "plan",
        "category": [SIP],
        "subject": PATIENT,
        "goal": [{"reference": "Goal/a"}],
        "activity": [{"reference": {"reference": "Task/a"}}],
    },
    "sip-goal": {
        "resourceType": "Goal",
        "lifecycleStatus": "proposed",
        "description": {"text": "Gå ut"},
        "subject": PATIENT,
        "expressedBy": PATIENT,
    },
    "fixed-contact": {
        "resourceType": "CareTeam",
        "status": "active",
        "category": [
            concept("https://fhir.inera.se/ig/careteam/CodeSystem/typ-av-careteam-cs", "fast-kontakt")
        ],
        "subject": PATIENT,
        "participant": [
            {
                "role": [concept(CONTACT_TYPE, "1")],
                "member": {"reference": "PractitionerRole/a"},
            }
        ],
    },
    "contact-made": {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "type": [concept(BASE + "CodeSystem/contact-kind", "doctor-visit")],
        "subject": PATIENT,
        "participant": [{"individual": {"reference": "PractitionerRole/a"}}],
        "period": {"start": "2026-11-25"},
        "serviceProvider": {"reference": "Organization/a"},
    },
    "need": {
        "resourceType": "Condition",
        "clinicalStatus": concept("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
        "category": [
            concept("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item")
        ],
        "code": {"text": "Behöver hjälp att gå ut"},
        "subject": PATIENT,
    },
    "what-matters": {
        "resourceType": "Observation",
        "status": "final",
        "code": concept(BASE + "CodeSystem/observation", "what-matters"),
        "subject": PATIENT,
        "performer": [PATIENT],
        "valueString": "Att få se havet",
    },
}


def told(profile: str, **changed: Any) -> set[tuple[str, str, str]]:
    """Check a resource that has R4's shape; gives severity, code and place of each fault."""
    resource = {name: value for name, value in (GOOD[profile] | changed).items() if value is not None}
    assert shape_issues(resource) == []
    issues = [
        *PROFILES.issues(resource, f"{BASE}StructureDefinition/{profile}"),
        *PROFILES.extension_issues(resource),
    ]
    return {(one.severity, one.code, one.expression) for one in issues}


def contained(kind: str, **more: Any) -> Json:
    return {"resourceType": kind, "id": "x", **more}


CASES: list[tuple[str, Json, set[tuple[str, str, str]]]] = [
    # cardinality
    ("sip-care-plan", {"category": None}, {("error", "required", "CarePlan.category")}),
    ("sip-goal", {"expressedBy": None}, {("error", "required", "Goal.expressedBy")}),
    (
        "fixed-contact",
        {"participant": GOOD["fixed-contact"]["participant"] * 2},
        {("error", "structure", "CareTeam.participant")},
    ),
    (
        "sip-care-plan",
        {"activity": [{"detail": {"status": "unknown"}}]},
        {("error", "structure", "CarePlan.activity[0].detail")},
    ),
    ("need", {"code": {"coding": [{"code": "x"}]}}, {("error", "required", "Condition.code.text")}),
    ("contact-made", {"period": {"end": "2026-11-25"}}, {("error", "required", "Encounter.period.start")}),
    # what says why it is not there counts as there
    (
        "need",
        {"code": {"_text": {"extension": [{"url": "urn:x", "valueCode": "unknown"}]}}},
        set(),
    ),
    # patterns and fixed values
    ("sip-care-plan", {"intent": "order"}, {("error", "value", "CarePlan.intent")}),
    ("need", {"category": [{"text": "x"}]}, {("error", "value", "Condition.category[0]")}),
    (
        "need",
        {
            "category": [
                {"coding": [{"code": "x"}, *GOOD["need"]["category"][0]["coding"]], "text": "Behov"},
            ]
        },
        set(),
    ),
    # types and targets
    (
        "what-matters",
        {"valueString": None, "valueInteger": 1},
        {("error", "structure", "Observation.value")},
    ),
    (
        "sip-care-plan",
        {"author": {"reference": "Patient/a"}},
        {("error", "structure", "CarePlan.author")},
    ),
    ("sip-care-plan", {"author": {"reference": "https://ehr.example/fhir/Organization/1"}}, set()),
    (
        "sip-care-plan",
        {"author": {"type": "Practitioner", "display": "Disa"}},
        {("error", "structure", "CarePlan.author")},
    ),
    (
        "sip-care-plan",
        {"author": {"reference": "#x"}, "contained": [contained("Practitioner")]},
        {("error", "structure", "CarePlan.author")},
    ),
    (
        "sip-care-plan",
        {"author": {"reference": "#x"}, "contained": [contained("Organization", name="E")]},
        set(),
    ),
    # lists of codes: a required one is an error, an extensible one a warning
    (
        "contact-made",
        {"class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "banana"}},
        {("error", "code-invalid", "Encounter.class")},
    ),
    (
        "sip-care-plan",
        {"category": [{"text": "Annat"}]},
        {("warning", "code-invalid", "CarePlan.category[0]")},
    ),
    # extensions of ours, wherever they stand, and how many
    (
        "sip-care-plan",
        {"extension": [{"url": BASE + "StructureDefinition/end-reason", "valueString": "x"}]},
        {
            ("error", "structure", "CarePlan.extension[0].value"),
            ("error", "code-invalid", "CarePlan.extension[0].value"),
        },
    ),
    (
        "sip-care-plan",
        {
            "extension": [
                {"url": BASE + "StructureDefinition/no-actions-by-others", "valueBoolean": True},
                {"url": "urn:other", "valueString": "x"},
                {"url": BASE + "StructureDefinition/no-actions-by-others", "valueBoolean": True},
            ]
        },
        {("error", "structure", "CarePlan.extension")},
    ),
    (
        "fixed-contact",
        {
            "extension": [
                {
                    "url": BASE + "StructureDefinition/contact-step",
                    "extension": [{"url": "state", "valueCode": "banana"}],
                }
            ]
        },
        {
            ("error", "required", "CareTeam.extension[0].extension"),
            ("error", "code-invalid", "CareTeam.extension[0].extension[0].value"),
        },
    ),
    (
        "sip-goal",
        {"_startDate": {"extension": [{"url": BASE + "StructureDefinition/consent-form", "valueCode": "x"}]}},
        {("error", "code-invalid", "Goal.startDate.extension[0].value")},
    ),
]


@pytest.mark.parametrize("profile", GOOD)
def test_what_meets_a_profile_is_good(profile: str) -> None:
    assert told(profile) == set()


@pytest.mark.parametrize(("profile", "changed", "expected"), CASES)
def test_what_breaks_a_profile_is_told_at_its_place(
    profile: str, changed: Json, expected: set[tuple[str, str, str]]
) -> None:
    assert told(profile, **changed) == expected


def test_every_part_of_our_differentials_is_read() -> None:
    definitions = [one for one in PUBLISHED if one["resourceType"] == "StructureDefinition"]
    assert [said for one in definitions for said in unread(one)] == []
    assert list(unread({"differential": {"element": [{"id": "Goal.note", "maxLength": 5}]}})) == [
        "Goal.note: maxLength"
    ]


def test_profiles_are_known_by_the_type_that_they_are_of() -> None:
    assert PROFILES.is_known(f"{BASE}StructureDefinition/sip-goal|1.0.0", "Goal")
    assert not PROFILES.is_known(f"{BASE}StructureDefinition/sip-goal", "Task")
    assert PROFILES.is_known("http://hl7.org/fhir/StructureDefinition/Goal", "Goal")
    assert not PROFILES.is_known("http://hl7.org/fhir/StructureDefinition/Task", "Goal")
    assert PROFILES.of_type("CareTeam") == [
        f"{BASE}StructureDefinition/{name}" for name in ("fixed-contact", "plan-team")
    ]
