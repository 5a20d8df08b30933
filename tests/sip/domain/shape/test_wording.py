"""What a person is told: where (FHIRPath), what is wrong, what to do."""

from time import perf_counter
from typing import Any

import pytest

from services.sip.domain.resource_types import TYPES, Kind
from services.sip.domain.shape import Issue, prepare, shape_issues
from services.sip.domain.shape.case import MOST_ISSUES

PLAN: dict[str, Any] = {
    "resourceType": "CarePlan",
    "status": "draft",
    "intent": "plan",
    "subject": {"reference": "Patient/a"},
}


def test_a_good_resource_has_no_issues() -> None:
    assert shape_issues(PLAN) == []


@pytest.mark.parametrize(
    ("changes", "code", "expression", "text"),
    [
        (
            {"status": "banana"},
            "code-invalid",
            "CarePlan.status",
            "'banana' is none of its codes: draft, active, ",
        ),
        ({"status": 1}, "code-invalid", "CarePlan.status", "It must be a code: draft, active, "),
        ({"statuz": "x"}, "structure", "CarePlan", "has no element statuz in FHIR R4; did you mean status?"),
        ({"custodian": {"display": "x"}}, "structure", "CarePlan", "has no element custodian in FHIR R4."),
        ({"title": ""}, "value", "CarePlan.title", "This must be a text that is not blank"),
        ({"title": None}, "structure", "CarePlan.title", "null says nothing in FHIR; leave the element out."),
        ({"title": ["x"]}, "structure", "CarePlan.title", "title does not repeat; give it without a list."),
        ({"title": {"x": 1}}, "structure", "CarePlan.title", "This is no object but a text"),
        ({"created": "2026-02-31"}, "value", "CarePlan.created", "This must be a date of the calendar"),
        ({"goal": []}, "structure", "CarePlan.goal", "The list is empty; leave the element out."),
        ({"goal": {"display": "x"}}, "structure", "CarePlan.goal", "goal repeats; give it as a list"),
        (
            {"goal": ["Goal/1"]},
            "structure",
            "CarePlan.goal[0]",
            "A JSON object was expected here: Reference.",
        ),
        ({"goal": [{}]}, "structure", "CarePlan.goal[0]", "The object is empty; leave the element out."),
        ({"goal": [None]}, "structure", "CarePlan.goal[0]", "null says nothing"),
        (
            {"activity": [{"detail": {"description": "x"}}]},
            "required",
            "CarePlan.activity[0].detail",
            "status is req",
        ),
        (
            {"note": [{"text": "x", "authorString": "a", "authorReference": {"display": "b"}}]},
            "structure",
            "CarePlan.note[0]",
            "author[x] is given as authorReference and authorString; give it as one of them.",
        ),
        (
            {"extension": [{"url": "urn:x", "valueDate": "2026-02-31"}]},
            "value",
            "CarePlan.extension[0].value",
            "This must be a date of the calendar",
        ),
        (
            {"extension": [{"url": "urn:x", "valueRatioRange": {}}]},
            "structure",
            "CarePlan.extension[0]",
            "Extension has no element valueRatioRange in FHIR R4",
        ),
        (
            {"_title": {"id": "e1"}},
            "invariant",
            "CarePlan.title",
            "_title has neither a value nor extensions (ele-1).",
        ),
        ({"contained": [{"id": "x"}]}, "required", "CarePlan.contained[0]", "resourceType is required."),
        (
            {"contained": [{"id": "x", "resourceType": 1}]},
            "structure",
            "CarePlan.contained[0].resourceType",
            "resourceType is the name of a resource type",
        ),
    ],
)
def test_an_issue_says_what_is_wrong_and_where(
    changes: dict[str, Any], code: str, expression: str, text: str
) -> None:
    issues = shape_issues(PLAN | changes)

    assert [(issue.severity, issue.code, issue.expression) for issue in issues] == [
        ("error", code, expression)
    ]
    assert text in issues[0].text


@pytest.mark.parametrize(
    "resource_type", ["Banana", "Citation", "Coding", "Element", "Resource", "", None, 1, ["Patient"]]
)
def test_what_is_no_resource_type_of_r4_is_refused(resource_type: object) -> None:
    issues = shape_issues({"resourceType": resource_type})

    assert [issue.code for issue in issues] == ["not-supported"]


def test_a_missing_type_is_told_as_missing() -> None:
    assert shape_issues({}) == [
        Issue("error", "not-supported", "", "resourceType is required: the name of a FHIR R4 resource type.")
    ]


def test_every_fault_of_structure_is_told_at_once() -> None:
    issues = shape_issues({"resourceType": "CarePlan", "status": "x", "banana": 1, "goal": []})

    assert {(issue.code, issue.expression) for issue in issues} == {
        ("required", "CarePlan"),
        ("code-invalid", "CarePlan.status"),
        ("structure", "CarePlan"),
        ("structure", "CarePlan.goal"),
    }
    assert sum(issue.code == "required" for issue in issues) == 2


FAULTS: dict[str, Any] = {
    "no objects": {"goal": [1] * 200_000},
    "empty objects": {"goal": [{}] * 200_000},
    "unknown elements": {f"x{number}": number for number in range(50_000)},
    "references that are none": {"goal": [{"reference": "x"}] * 50_000},
    "contained resources nobody refers to": {
        "contained": [{"resourceType": "Patient", "id": f"p{number}"} for number in range(20_000)]
    },
    "a reference without end": {"author": {"reference": "https://x" + "/Ab/c" * 200_000 + " "}},
    "a picture without end": {
        "text": {
            "status": "generated",
            "div": '<div xmlns="http://www.w3.org/1999/xhtml"><img src="data:image/png;base64,'
            + "A " * 400_000
            + '!"/></div>',
        }
    },
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_flood_of_faults_is_told_in_part_and_soon(kind: str) -> None:
    start = perf_counter()

    issues = shape_issues(PLAN | FAULTS[kind])

    assert 1 <= len(issues) <= MOST_ISSUES
    assert perf_counter() - start < 2


def test_so_many_faults_as_can_be_told_are_told_of_a_small_resource() -> None:
    assert len(shape_issues(PLAN | {"goal": [{}] * 1000})) == MOST_ISSUES


def test_every_type_that_is_written_can_be_prepared() -> None:
    prepare(name for name, row in TYPES.items() if row.kind is not Kind.DERIVED)

    assert shape_issues(PLAN) == []
