"""References and contained resources."""

from typing import Any

import pytest

from services.sip.domain.shape import shape_issues

TEAM = {"resourceType": "CareTeam", "id": "team"}


def goal(subject: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "Goal",
        "lifecycleStatus": "active",
        "description": {"text": "Gå till affären själv"},
        "subject": subject,
        **more,
    }


GOOD_REFERENCES: list[dict[str, Any]] = [
    {"reference": "Patient/a"},
    {"reference": "Patient/a/_history/3"},
    {"reference": "Group/a.B-1"},
    {"reference": "https://ehr.example/fhir/Patient/1"},
    {"reference": "https://ehr.example:8443/fhir/Patient/1/_history/2"},
    {"reference": "https://ehr.example/person?id=1"},
    {"reference": "urn:uuid:0b3d0b7e-7a9a-4c52-9a84-0f6d1f3f2a11"},
    {"reference": "urn:oid:1.2.752.1"},
    {"reference": "Patient/a", "type": "Patient"},
    {"type": "Patient", "identifier": {"value": "1"}},
    {"type": "https://example.org/logical/Person", "display": "Någon"},
    {"display": "Någon"},
]
BAD_REFERENCES: list[tuple[dict[str, Any], str, str]] = [
    (
        {"reference": "Encounter/a"},
        "structure",
        "leads to an Encounter; allowed here: Group, Organization, Patient",
    ),
    ({"reference": "https://ehr.example/fhir/Task/1"}, "structure", "leads to a Task"),
    ({"type": "Task", "display": "Någon"}, "structure", "leads to a Task"),
    ({"reference": "Patient/a", "type": "Group"}, "value", "The type says Group"),
    ({"reference": "Patient/a", "type": "Person1"}, "code-invalid", "no resource type Person1"),
    ({"reference": "Banana/a"}, "value", "no resource type Banana"),
    ({"reference": "SubscriptionTopic/a"}, "value", "no resource type SubscriptionTopic"),
    ({"reference": "a"}, "value", "Not a reference"),
    ({"reference": "Patient"}, "value", "Not a reference"),
    ({"reference": "Patient/"}, "value", "Not a reference"),
    ({"reference": "Patient/a/b"}, "value", "Not a reference"),
    ({"reference": "patient/a"}, "value", "no resource type patient|Not a reference"),
    ({"reference": "Patient/å"}, "value", "Not a reference"),
    ({"reference": "Patient/" + "x" * 65}, "value", "Not a reference"),
    ({"reference": "Patient?identifier=1"}, "value", "Not a reference"),
    ({"reference": "urn:uuid:1"}, "value", "Not a reference"),
    ({"reference": "javascript:alert(1)"}, "value", "Not a reference"),
    ({"reference": "https://"}, "value", "Not a reference"),
    ({"reference": "#"}, "invariant", "ref-1"),
    ({"reference": "#nobody"}, "invariant", "ref-1"),
]


@pytest.mark.parametrize("reference", GOOD_REFERENCES)
def test_a_reference_as_r4_writes_it_is_taken(reference: dict[str, Any]) -> None:
    assert shape_issues(goal(reference)) == []


@pytest.mark.parametrize(("reference", "code", "text"), BAD_REFERENCES)
def test_a_reference_that_leads_nowhere_or_wrong_is_refused(
    reference: dict[str, Any], code: str, text: str
) -> None:
    issues = shape_issues(goal(reference))

    assert [issue.code for issue in issues] == [code]
    assert any(part in issues[0].text for part in text.split("|"))
    assert issues[0].expression.startswith("Goal.subject")


def plan(*contained: dict[str, Any], **more: Any) -> dict[str, Any]:
    patient = {"reference": "Patient/a"}
    base = {"resourceType": "CarePlan", "status": "draft", "intent": "plan", "subject": patient}
    return base | {"contained": list(contained)} | more


def test_a_contained_resource_that_is_referred_to_is_taken() -> None:
    assert shape_issues(plan(TEAM, careTeam=[{"reference": "#team"}])) == []


def test_a_contained_resource_that_refers_to_its_container_is_taken() -> None:
    task = {
        "resourceType": "Task",
        "id": "t",
        "status": "requested",
        "intent": "plan",
        "basedOn": [{"reference": "#"}],
    }

    assert shape_issues(plan(task)) == []


def test_a_local_reference_is_held_to_the_types_allowed_at_its_place() -> None:
    issues = shape_issues(plan(TEAM, goal=[{"reference": "#team"}]))

    assert [(issue.code, issue.expression) for issue in issues] == [("structure", "CarePlan.goal[0]")]


@pytest.mark.parametrize(
    ("contained", "link", "key"),
    [
        ([TEAM], None, "dom-3"),
        ([TEAM | {"contained": [{"resourceType": "Patient", "id": "p"}]}], "#team", "dom-2"),
        ([TEAM | {"meta": {"versionId": "1"}}], "#team", "dom-4"),
        ([TEAM | {"meta": {"lastUpdated": "2026-11-22T09:00:00Z"}}], "#team", "dom-4"),
        ([TEAM | {"meta": {"security": [{"code": "R"}]}}], "#team", "dom-5"),
        ([TEAM, TEAM], "#team", "an id of its own"),
        ([{"resourceType": "CareTeam"}], None, "an id of its own"),
        ([TEAM | {"subject": {"reference": "#team"}}], None, "dom-3"),
    ],
)
def test_a_contained_resource_has_no_life_of_its_own(
    contained: list[dict[str, Any]], link: str | None, key: str
) -> None:
    more = {"careTeam": [{"reference": link}]} if link else {}

    assert any(key in issue.text for issue in shape_issues(plan(*contained, **more)))


def test_the_shape_of_a_contained_resource_is_checked_like_any_other() -> None:
    issues = shape_issues(plan(TEAM | {"status": "banana"}, careTeam=[{"reference": "#team"}]))

    assert [(issue.code, issue.expression) for issue in issues] == [
        ("code-invalid", "CarePlan.contained[0].status")
    ]


@pytest.mark.parametrize(
    "resource_type", ["Citation", "SubscriptionTopic", "Banana", "DomainResource", "Coding", ""]
)
def test_what_is_no_resource_of_r4_cannot_be_contained(resource_type: str) -> None:
    issues = shape_issues(
        plan({"resourceType": resource_type, "id": "x"}, supportingInfo=[{"reference": "#x"}])
    )

    assert [issue.code for issue in issues] == ["not-supported"]


@pytest.mark.parametrize(
    ("member", "refused_at"),
    [
        ({"reference": "Practitioner/a"}, []),
        ({"reference": "PractitionerRole/a"}, ["CareTeam.participant[0]"]),
        ({"type": "RelatedPerson", "display": "dotter"}, ["CareTeam.participant[0]"]),
        ({"reference": "urn:uuid:0b3d0b7e-7a9a-4c52-9a84-0f6d1f3f2a11"}, []),
        ({"display": "någon"}, []),
    ],
)
def test_only_a_practitioner_takes_part_on_behalf_of_an_organization(
    member: dict[str, Any], refused_at: list[str]
) -> None:
    team = {
        "resourceType": "CareTeam",
        "participant": [{"member": member, "onBehalfOf": {"reference": "Organization/a"}}],
    }

    issues = shape_issues(team)

    assert [issue.expression for issue in issues if "ctm-1" in issue.text] == refused_at
    assert len(issues) == len(refused_at)


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    urls = ["urn:uuid:0b3d0b7e-7a9a-4c52-9a84-0f6d1f3f2a11", "urn:uuid:0b3d0b7e-7a9a-4c52-9a84-0f6d1f3f2a12"]
    entries = [
        {"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}}
        for url, resource in zip(urls, resources, strict=False)
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def test_a_reference_within_a_bundle_is_held_to_the_type_it_leads_to() -> None:
    to_second = {"reference": "urn:uuid:0b3d0b7e-7a9a-4c52-9a84-0f6d1f3f2a12"}

    assert shape_issues(bundle(goal(to_second), {"resourceType": "Patient"})) == []
    issues = shape_issues(bundle(goal(to_second), {"resourceType": "Practitioner"}))
    assert [(issue.code, issue.expression) for issue in issues] == [
        ("structure", "Bundle.entry[0].resource.subject")
    ]


def test_a_conditional_reference_is_for_bundles_alone() -> None:
    by_number = {"reference": "Patient?identifier=urn:x|1"}

    assert shape_issues(bundle(goal(by_number))) == []
    assert [issue.code for issue in shape_issues(goal(by_number))] == ["value"]
    assert [issue.code for issue in shape_issues(bundle(goal({"reference": "Task?code=x"})))] == ["structure"]


def test_every_entry_of_a_bundle_is_checked_as_a_resource_of_its_own() -> None:
    contained = plan(TEAM, careTeam=[{"reference": "#team"}])
    issues = shape_issues(
        bundle(contained, plan(careTeam=[{"reference": "#team"}]) | {"contained": [TEAM | {"id": "x"}]})
    )

    assert {issue.expression for issue in issues} == {
        "Bundle.entry[1].resource.contained[0]",
        "Bundle.entry[1].resource.careTeam[0].reference",
    }
