"""$validate: R4, our profiles, and whether a write would be taken; nothing is stored by asking."""

from typing import Any

import httpx2
import pytest

from services.sip.fhir.interactions import WRITTEN
from tests.sip.domain.shape.samples import node_of
from tests.sip.fhir.conftest import Sip, goal

OURS = "https://samplan.example/fhir/StructureDefinition/"
GOOD = [("information", "informational")]


def made(client: httpx2.Client, resource: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"/fhir/{resource['resourceType']}", json=resource)
    assert answer.status_code == 201, answer.text
    stored: dict[str, Any] = answer.json()
    return stored


def issues(answer: httpx2.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 200, answer.text
    return [(one["severity"], one["code"]) for one in answer.json()["issue"]]


def checked(client: httpx2.Client, resource: dict[str, Any], **asked: str) -> list[tuple[str, str]]:
    kind = resource["resourceType"]
    return issues(client.post(f"/fhir/{kind}/$validate", params=asked, json=resource))


def test_what_is_wrong_is_told_and_nothing_is_stored(nurse: httpx2.Client, person: str) -> None:
    assert checked(nurse, goal(person)) == GOOD
    assert checked(nurse, goal(person, lifecycleStatus="banana"), mode="create") == [
        ("error", "code-invalid")
    ]
    inputs = [{"name": "resource", "resource": goal(person)}, {"name": "mode", "valueCode": "create"}]
    wrapped = {"resourceType": "Parameters", "parameter": inputs}
    assert issues(nurse.post("/fhir/Goal/$validate", json=wrapped)) == GOOD
    assert issues(nurse.post("/fhir/Task/$validate", json=goal(person))) == [("error", "structure")]
    assert nurse.get("/fhir/Goal", params={"patient": person}).json()["total"] == 0


@pytest.mark.parametrize("kind", sorted(WRITTEN))
def test_every_type_that_is_written_is_checked(nurse: httpx2.Client, kind: str) -> None:
    assert checked(nurse, node_of(kind)) == GOOD
    assert checked(nurse, node_of(kind) | {"banana": 1}) == [("error", "structure")]


def test_a_profile_is_asked_where_it_is_named(nurse: httpx2.Client, person: str) -> None:
    named = goal(person, meta={"profile": [OURS + "sip-goal", "https://other.example/goal"]})
    assert checked(nurse, goal(person)) == GOOD  # R4 asks for no expressedBy
    assert checked(nurse, goal(person), profile=OURS + "sip-goal") == [("error", "required")]
    assert checked(nurse, named) == [("error", "required"), ("warning", "not-supported")]
    assert checked(nurse, named | {"expressedBy": {"reference": person}}) == [("warning", "not-supported")]
    assert checked(nurse, goal(person), profile="http://hl7.org/fhir/StructureDefinition/Goal") == GOOD
    assert checked(nurse, goal(person), profile=OURS + "banana") == [("error", "not-supported")]
    assert checked(nurse, goal(person), profile=OURS + "sip-task") == [("error", "not-supported")]


def test_what_is_there_is_held_to_a_profile(nurse: httpx2.Client, doctor: httpx2.Client, person: str) -> None:
    stored = made(nurse, goal(person))
    address = f"/fhir/Goal/{stored['id']}/$validate"
    asked = {"mode": "profile", "profile": OURS + "sip-goal"}
    assert issues(nurse.get(address, params=asked)) == [("error", "required")]
    assert issues(nurse.get(address)) == GOOD
    assert issues(nurse.post(address, json=stored)) == GOOD
    assert ("error", "value") in issues(nurse.post(address, json=goal(person)))
    assert doctor.get(address, params=asked).status_code == 404
    assert nurse.get("/fhir/Goal/$validate?mode=profile").status_code == 400
    for query in ("mode=banana", "banana=1"):
        assert nurse.post(f"/fhir/Goal/$validate?{query}", json=goal(person)).status_code == 400
    assert nurse.post("/fhir/Goal/$validate").status_code == 400


def test_a_create_is_judged_by_all_the_rules(sip: Sip, nurse: httpx2.Client, person: str) -> None:
    other = goal("Patient/00000000-0000-4000-8000-000000000000")
    assert checked(nurse, goal(person), mode="create") == GOOD
    assert checked(nurse, other) == GOOD  # by its shape alone
    assert ("error", "business-rule") in checked(nurse, other, mode="create")
    with sip.client(scope="user/Goal.rs") as reader:
        assert checked(reader, goal(person), mode="create") == [("error", "forbidden")]
    registered = nurse.get(f"/fhir/{person}").json()
    assert checked(nurse, registered, mode="create") == [("information", "duplicate")]
    assert nurse.get("/fhir/Goal", params={"patient": person}).json()["total"] == 0
    stored = made(nurse, goal(person))
    assert nurse.post(f"/fhir/Goal/{stored['id']}/$validate?mode=create", json=stored).status_code == 400


def test_an_update_and_a_deletion_are_judged_by_all_the_rules(nurse: httpx2.Client, person: str) -> None:
    subject = {"reference": person}
    sip_plan = {"coding": [{"system": "https://fhir.inera.se/CodeSystem/typeofcareplan-cs", "code": "SIP"}]}
    draft = {"resourceType": "CarePlan", "status": "draft", "intent": "plan", "subject": subject}
    plan = made(nurse, draft | {"category": [sip_plan]})
    address = f"/fhir/CarePlan/{plan['id']}"

    def asked(mode: str, **changed: Any) -> list[tuple[str, str]]:
        return issues(nurse.post(f"{address}/$validate?mode={mode}", json={**plan, **changed}))

    assert asked("update", title="Min plan") == GOOD
    assert ("error", "business-rule") in asked("update", status="completed")
    assert asked("delete") == GOOD
    wish = {
        "coding": [
            {"system": "https://samplan.example/fhir/CodeSystem/plan-end-reason", "code": "persons-wish"}
        ]
    }
    ended = {"status": "revoked", "extension": [{"url": OURS + "end-reason", "valueCodeableConcept": wish}]}
    revoked = nurse.put(address, json={**plan, **ended}, headers={"If-Match": 'W/"1"'})
    assert revoked.status_code == 200, revoked.text
    assert asked("delete") == [("error", "business-rule")]
    assert nurse.get(address).json() == revoked.json()
    assert nurse.post("/fhir/CarePlan/$validate?mode=delete", json=plan).status_code == 400


def test_a_write_that_is_only_tried_leaves_nothing_behind(
    sip: Sip, nurse: httpx2.Client, person: str
) -> None:
    before = nurse.get("/fhir/Goal/_history", params={"_count": "500"}).json().get("total")
    for _ in range(3):
        assert checked(nurse, goal(person), mode="create") == GOOD
    assert nurse.get("/fhir/Goal/_history", params={"_count": "500"}).json().get("total") == before
    assert made(nurse, goal(person))["meta"]["versionId"] == "1"
