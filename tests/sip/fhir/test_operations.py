"""Operations: the whole record, the plan as a document, checking without storing, our own code lists."""

from typing import Any

import httpx2
import pytest

from tests.sip.fhir.conftest import Sip, goal

OURS = "https://samplan.example/fhir/"


def made(client: httpx2.Client, resource: dict[str, Any]) -> str:
    answer = client.post(f"/fhir/{resource['resourceType']}", json=resource)
    assert answer.status_code == 201, answer.text
    return f"{resource['resourceType']}/{answer.json()['id']}"


def keys(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["fullUrl"].partition("/fhir/")[2] for one in answer.json()["entry"]]


@pytest.fixture
def plan(nurse: httpx2.Client, person: str) -> tuple[str, list[str]]:
    """A plan with a goal and an author, beside a goal that is not part of it; gives their keys."""
    unit = made(nurse, {"resourceType": "Organization", "name": "Hemsjukvården"})
    part, other = made(nurse, goal(person, "I planen")), made(nurse, goal(person, "Utanför planen"))
    draft = {
        "resourceType": "CarePlan", "status": "draft", "intent": "plan", "subject": {"reference": person},
        "goal": [{"reference": part}], "author": {"reference": unit}, "title": "Min plan",
    }  # fmt: skip
    return made(nurse, draft), [part, unit, other]


def test_everything_of_a_person_is_the_record_and_whom_it_speaks_of(
    nurse: httpx2.Client, person: str, plan: tuple[str, list[str]]
) -> None:
    found = keys(nurse.get(f"/fhir/{person}/$everything"))
    assert found[0] == person
    assert set(found) == {person, plan[0], *plan[1]}
    only = keys(nurse.get(f"/fhir/{person}/$everything", params={"_type": "Goal"}))
    assert set(only) == {person, plan[1][0], plan[1][2]}


def test_everything_comes_in_pages(nurse: httpx2.Client, person: str, plan: tuple[str, list[str]]) -> None:
    answer, found = nurse.get(f"/fhir/{person}/$everything?_count=2"), []
    for _ in range(9):
        found += keys(answer)
        following = [one["url"] for one in answer.json()["link"] if one["relation"] == "next"]
        if not following:
            break
        answer = nurse.get("/fhir" + following[0].partition("/fhir")[2])
    assert sorted(found) == sorted({person, plan[0], *plan[1]})


def test_everything_shows_others_nothing(
    doctor: httpx2.Client, person: str, plan: tuple[str, list[str]]
) -> None:
    assert doctor.get(f"/fhir/{person}/$everything").status_code == 404
    assert doctor.get(f"/fhir/{plan[0]}/$everything").status_code == 404


def test_a_plan_is_given_as_one_document(
    nurse: httpx2.Client, person: str, plan: tuple[str, list[str]]
) -> None:
    answer = nurse.get(f"/fhir/{plan[0]}/$everything")
    bundle, found = answer.json(), keys(answer)
    assert (bundle["type"], found[0].partition("/")[0], found[1]) == ("document", "Composition", plan[0])
    assert set(found[2:]) == {person, plan[1][0], plan[1][1]}
    assert bundle["identifier"]["value"].startswith("urn:uuid:")
    front = bundle["entry"][0]["resource"]
    assert (front["title"], front["subject"]["reference"]) == ("Min plan", person)
    pointed = [one["reference"] for section in front["section"] for one in section["entry"]]
    assert set(pointed) < set(found)
    assert all(section["text"]["div"].startswith("<div") for section in front["section"])


def test_the_look_at_everything_is_on_record(sip: Sip, nurse: httpx2.Client, person: str) -> None:
    nurse.get(f"/fhir/{person}/$everything")
    with sip.client("SE-K-privacy", commissionPurpose="Loggkontroll") as officer:
        rows = officer.get("/fhir/AuditEvent", params={"patient": person}).json()["entry"]
    codes = {one["resource"]["subtype"][0]["code"] for one in rows}
    assert "operation" in codes


def test_our_definitions_are_found_by_their_url(nurse: httpx2.Client) -> None:
    for kind, name in (
        ("StructureDefinition", "sip-care-plan"),
        ("ValueSet", "task"),
        ("CodeSystem", "task"),
        ("Questionnaire", "sip-follow-up"),
        ("OperationDefinition", "care-plan-everything"),
    ):
        [entry] = nurse.get(f"/fhir/{kind}", params={"url": f"{OURS}{kind}/{name}"}).json()["entry"]
        assert entry["resource"]["id"] == name
        assert nurse.post(f"/fhir/{kind}", json=entry["resource"]).status_code == 405


def test_a_value_set_is_expanded(nurse: httpx2.Client) -> None:
    url = f"{OURS}ValueSet/task"
    whole = nurse.get("/fhir/ValueSet/$expand", params={"url": url}).json()["expansion"]
    assert {one["code"] for one in whole["contains"]} == {
        "intervention",
        "follow-up",
        "action-by-other",
        "consultation",
        "attention",
    }
    assert whole["contains"][0]["display"] == "Insats"
    some = nurse.get("/fhir/ValueSet/task/$expand", params={"filter": "UPPFÖLJ"}).json()["expansion"]
    assert [one["code"] for one in some["contains"]] == ["follow-up"]
    mixed = nurse.get("/fhir/ValueSet/plan-category/$expand").json()["expansion"]
    assert {"SIP", "SPU", "lss"} <= {one["code"] for one in mixed["contains"]}
    for missing in ("/fhir/ValueSet/$expand?url=http://x", "/fhir/ValueSet/banana/$expand"):
        assert nurse.get(missing).status_code == 404
    assert nurse.get("/fhir/ValueSet/$expand").status_code == 400


def test_a_code_is_looked_up(nurse: httpx2.Client) -> None:
    def result(path: str, **params: str) -> bool:
        answer = nurse.get(f"/fhir/{path}/$validate-code", params=params).json()
        return bool(answer["parameter"][0]["valueBoolean"])

    system, values = f"{OURS}CodeSystem/task", f"{OURS}ValueSet/task"
    assert result("ValueSet", url=values, system=system, code="follow-up")
    assert not result("ValueSet", url=values, system=system, code="banana")
    assert not result("ValueSet", url=values, system="http://x", code="follow-up")
    assert result("CodeSystem", url=system, code="follow-up")
    assert result("CodeSystem/task", code="follow-up")
    coding = {"system": system, "code": "follow-up"}
    body = {
        "resourceType": "Parameters",
        "parameter": [{"name": "url", "valueUri": values}, {"name": "coding", "valueCoding": coding}],
    }
    assert nurse.post("/fhir/ValueSet/$validate-code", json=body).json()["parameter"][0]["valueBoolean"]
    assert nurse.get(f"/fhir/ValueSet/$validate-code?url={values}").status_code == 400


def test_an_operation_that_is_none_is_told(nurse: httpx2.Client, person: str) -> None:
    for path in (
        "Goal/$everything",
        "Patient/$banana",
        f"{person}/$banana",
        "Goal/1/$expand",
        "Measure/$validate",
    ):
        assert nurse.get(f"/fhir/{path}").status_code in {400, 404, 405}, path
