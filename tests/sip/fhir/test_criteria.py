"""Writes by criteria: create unless there, update, delete what is found; never twice, whoever is how quick."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2

from tests.sip.fhir.conftest import Sip, goal

SYSTEM = "https://ehr.example/goal"


def numbered(person: str, number: str, text: str = "Gå ut") -> dict[str, Any]:
    return goal(person, text, identifier=[{"system": SYSTEM, "value": number}])


def unless(number: str) -> dict[str, str]:
    return {"If-None-Exist": f"identifier={SYSTEM}|{number}"}


def test_what_is_there_is_not_created_again(nurse: httpx2.Client, person: str) -> None:
    number = uuid.uuid4().hex
    first = nurse.post("/fhir/Goal", json=numbered(person, number), headers=unless(number))
    second = nurse.post("/fhir/Goal", json=numbered(person, number), headers=unless(number))
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["location"] == first.headers["location"]
    assert second.json() == first.json()


def test_criteria_of_a_create_that_stand_in_the_address_are_refused(
    nurse: httpx2.Client, person: str
) -> None:
    answer = nurse.post(f"/fhir/Goal?patient={person}", json=goal(person))
    assert answer.status_code == 400
    assert "If-None-Exist" in answer.json()["issue"][0]["details"]["text"]
    assert nurse.post("/fhir/Goal?_format=json", json=goal(person)).status_code == 201


def test_a_form_that_has_an_identifier_of_its_own_is_stored(nurse: httpx2.Client, person: str) -> None:
    identifier = {"system": SYSTEM, "value": uuid.uuid4().hex}  # QuestionnaireResponse alone has but one
    form = {
        "resourceType": "QuestionnaireResponse",
        "identifier": identifier,
        "status": "in-progress",
        "subject": {"reference": person},
    }
    assert nurse.post("/fhir/QuestionnaireResponse", json=form).status_code == 201
    found = nurse.get(f"/fhir/QuestionnaireResponse?identifier={SYSTEM}|{identifier['value']}").json()
    assert [one["resource"]["identifier"] for one in found["entry"]] == [identifier]


def test_several_matches_are_refused(nurse: httpx2.Client, person: str) -> None:
    number = uuid.uuid4().hex
    for _ in range(2):
        nurse.post("/fhir/Goal", json=numbered(person, number))
    query = f"identifier={SYSTEM}|{number}"
    answers = [
        nurse.post("/fhir/Goal", json=numbered(person, number), headers=unless(number)),
        nurse.put(f"/fhir/Goal?{query}", json=numbered(person, number)),
        nurse.delete(f"/fhir/Goal?{query}"),
    ]
    assert [one.status_code for one in answers] == [412, 412, 412]
    assert {one.json()["issue"][0]["code"] for one in answers} == {"multiple-matches"}


def test_of_many_who_create_on_one_condition_one_does(sip: Sip, nurse: httpx2.Client, person: str) -> None:
    number = uuid.uuid4().hex
    hsa = [{"system": "urn:oid:1.2.752.29.4.19", "value": f"SE-K-{number}"}]
    unit = {"resourceType": "Practitioner", "identifier": hsa}

    def create(_: int) -> tuple[int, int]:
        with sip.client("SE-K-unit") as client:
            one = client.post("/fhir/Goal", json=numbered(person, number), headers=unless(number))
            query = {"If-None-Exist": f"identifier=urn:oid:1.2.752.29.4.19|SE-K-{number}"}
            two = client.post("/fhir/Practitioner", json=unit, headers=query)
            return one.status_code, two.status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(create, range(6)))
    assert sorted(one for one, _ in statuses) == [200] * 5 + [201]
    assert sorted(one for _, one in statuses) == [200] * 5 + [201]


def test_an_update_by_criteria_updates_the_one_it_finds_or_creates(nurse: httpx2.Client, person: str) -> None:
    number = uuid.uuid4().hex
    address = f"/fhir/Goal?identifier={SYSTEM}|{number}"
    first = nurse.put(address, json=numbered(person, number))
    assert first.status_code == 201
    second = nurse.put(address, json=numbered(person, number, "Gå till parken"))
    assert second.status_code == 200
    assert second.json()["id"] == first.json()["id"]
    assert second.json()["meta"]["versionId"] == "2"
    stale = nurse.put(address, json=numbered(person, number), headers={"If-Match": 'W/"1"'})
    assert stale.status_code == 412


def test_a_client_never_gives_a_new_resource_its_id(nurse: httpx2.Client, person: str) -> None:
    own = numbered(person, "x") | {"id": "my-own-id"}
    answer = nurse.put(f"/fhir/Goal?identifier={SYSTEM}|{uuid.uuid4().hex}", json=own)
    assert answer.status_code == 400
    assert nurse.put("/fhir/Goal/my-own-id", json=own, headers={"If-Match": 'W/"1"'}).status_code == 404


def test_a_deletion_by_criteria_deletes_what_it_finds(nurse: httpx2.Client, person: str) -> None:
    number = uuid.uuid4().hex
    key = nurse.post("/fhir/Goal", json=numbered(person, number)).json()["id"]
    address = f"/fhir/Goal?identifier={SYSTEM}|{number}"
    assert nurse.delete(address).status_code == 204
    assert nurse.get(f"/fhir/Goal/{key}").status_code == 410
    assert nurse.delete(address).status_code == 200


def test_criteria_find_only_what_the_caller_may_see(
    nurse: httpx2.Client, doctor: httpx2.Client, person: str, numbers: Iterator[str]
) -> None:
    number = uuid.uuid4().hex
    nurse.post("/fhir/Goal", json=numbered(person, number))
    assert doctor.delete(f"/fhir/Goal?identifier={SYSTEM}|{number}").status_code == 200
    identifier = {"system": "http://electronichealth.se/identifier/personnummer", "value": next(numbers)}
    patient = {"resourceType": "Patient", "identifier": [identifier]}
    own = doctor.post("/fhir/Patient", json=patient).json()["id"]
    answer = doctor.post("/fhir/Goal", json=numbered(f"Patient/{own}", number), headers=unless(number))
    assert answer.status_code == 201


def test_criteria_that_name_nothing_are_refused(nurse: httpx2.Client, person: str) -> None:
    for query in ("", "_count=1", "banana=1"):
        assert nurse.delete(f"/fhir/Goal?{query}").status_code == 400, query
        refused = nurse.post("/fhir/Goal", json=goal(person), headers={"If-None-Exist": query})
        assert refused.status_code == 400, query
