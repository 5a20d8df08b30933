"""Where somebody with protected identity lives is shown by no way in, but to who wrote it and who may see it whole."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from services.sip.domain.codes import PERSONNUMMER
from tests.sip.api.conftest import Json
from tests.sip.harness import DOCTOR, NURSE, County

STREET, NUMBER = "Hemliga gatan 7", "0701740605"
SECURITY = {"system": "http://electronichealth.se/CodeSystem/SecurityLabel"}
CARE = "user/*.crus"
Clients = tuple[httpx2.Client, httpx2.Client]


def whereabouts() -> Json:
    return {
        "address": [{"line": [STREET], "city": "Undanby", "_line": [{"id": "a"}]}],
        "telecom": [{"system": "phone", "value": NUMBER}],
    }


class Person:
    """Somebody whose address two units know of; `relative` lives with them."""

    def __init__(
        self, served: County, doctor: httpx2.Client, nurse: httpx2.Client, label: str | None
    ) -> None:
        self.number = next(served.numbers)
        self.content: Json = {
            "resourceType": "Patient", "identifier": [{"system": PERSONNUMMER, "value": self.number}], **whereabouts(),
            "name": [{"family": "Tolvansson"}],
            "contact": [{"name": {"family": "Nära"}, "address": whereabouts()["address"][0]}],
            "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace",
                           "valueAddress": {"city": "Undanby"}}],
            "text": {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{STREET}</div>'},
        }  # fmt: skip
        self.key = f"Patient/{made(doctor, {**self.content, **labelled(label)})}"
        goal = {"resourceType": "Goal", "lifecycleStatus": "proposed", "description": {"text": "Gå"}}
        made(
            nurse, {**goal, "subject": {"reference": self.key}}
        )  # from now on the nurse's unit reads the person
        about = {"patient": {"reference": self.key}}
        self.relative = (
            f"RelatedPerson/{made(doctor, {'resourceType': 'RelatedPerson', **about, **whereabouts()})}"
        )

    def label(self, by: httpx2.Client, label: str | None) -> httpx2.Response:
        whole = {**self.content, "id": self.key.partition("/")[2], **labelled(label)}
        version = by.get(f"/fhir/{self.key}").headers["ETag"]
        return by.put(f"/fhir/{self.key}", json=whole, headers={"If-Match": version})


def labelled(label: str | None) -> Json:
    return {"meta": {"security": [{**SECURITY, "code": label}]}} if label else {}


def made(by: httpx2.Client, resource: Json) -> str:
    answer = by.post(f"/fhir/{resource['resourceType']}", json=resource)
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["id"]
    return number


@pytest.fixture(params=["sekretessmarkering", "skyddadFolkbokforing"])
def protected(
    request: pytest.FixtureRequest, served: County, doctor: httpx2.Client, nurse: httpx2.Client
) -> Person:
    return Person(served, doctor, nurse, request.param)


@pytest.fixture
def later(served: County, doctor: httpx2.Client, nurse: httpx2.Client) -> Person:
    """Labelled when all else was there already."""
    person = Person(served, doctor, nurse, None)
    answer = person.label(doctor, "sekretessmarkering")
    assert answer.status_code == 200, answer.text
    return person


def everywhere(person: Person) -> Iterator[str]:
    """Give every way to look that shows a Patient or a RelatedPerson."""
    number = person.key.partition("/")[2]
    for key in (person.key, person.relative):
        yield from (key, f"{key}/_history", f"{key}/_history/1")
    yield from (
        f"Patient?_id={number}",
        f"Goal?patient={person.key}&_include=Goal:patient",
        "Patient/_history",
    )
    yield from (f"RelatedPerson?patient={person.key}", f"{person.key}/$everything", "_history", "Patient")
    yield from (f"Patient?_id={number}&_revinclude=RelatedPerson:patient", f"Patient/{number}/RelatedPerson")
    yield f"Patient?_id={number}&_elements=address,telecom,contact"


def told(client: httpx2.Client, person: Person) -> list[str]:
    """Give the ways on which a place is told."""
    ways = [*everywhere(person)]
    answers = [(one, client.get(f"/fhir/{one}")) for one in ways]
    assert all(answer.status_code == 200 for _, answer in answers), [
        one for one, a in answers if a.status_code != 200
    ]
    found = [
        one for one, answer in answers if any(word in answer.text for word in (STREET, NUMBER, "Undanby"))
    ]
    identifier = {"identifier": f"{PERSONNUMMER}|{person.number}"}
    again = {"resourceType": "Patient", "identifier": person.content["identifier"]}
    for name, answer in (
        ("by number", client.post("/fhir/Patient/_search", data=identifier)),
        ("plain", client.get(f"/api/v1/persons/{person.key.partition('/')[2]}")),
        ("registered again", client.post("/fhir/Patient", json=again)),
    ):  # fmt: skip
        assert answer.status_code in {200, 201}, answer.text
        found += [name] if STREET in answer.text or NUMBER in answer.text else []
    return found


def test_no_way_to_look_tells_another_unit_the_place(nurse: httpx2.Client, protected: Person) -> None:
    assert told(nurse, protected) == []
    shown = nurse.get(f"/fhir/{protected.key}").json()
    assert shown["name"] == [{"family": "Tolvansson"}]
    assert "MASKED" in [one["code"] for one in shown["meta"]["security"]]


def test_a_label_that_comes_later_masks_what_was_written_before(nurse: httpx2.Client, later: Person) -> None:
    assert told(nurse, later) == []


def test_without_a_label_the_place_is_told(
    served: County, doctor: httpx2.Client, nurse: httpx2.Client
) -> None:
    assert len(told(nurse, Person(served, doctor, nurse, None))) > 12


def test_nobody_is_found_by_a_protected_place(
    nurse: httpx2.Client, doctor: httpx2.Client, later: Person
) -> None:
    for client in (nurse, doctor):
        for query in ("address=Hemliga", "address-city=Undanby", f"telecom={NUMBER}", f"phone={NUMBER}"):
            for kind in ("Patient", "RelatedPerson"):
                found = client.get(f"/fhir/{kind}?{query}&_count=200").text
                assert later.key not in found, query
        chained = client.get("/fhir/Goal?patient:Patient.address-city=Undanby&_count=200").text
        assert later.key not in chained


def test_the_unit_that_wrote_it_the_person_and_who_may_see_it_whole_do(
    served: County, doctor: httpx2.Client, later: Person
) -> None:
    with (
        served.staff(NURSE, scope=f"{CARE} user/protected-identity.r") as trusted,
        served.resident(later.key.partition("/")[2]) as themselves,
    ):
        for client in (doctor, trusted, themselves):
            assert STREET in client.get(f"/fhir/{later.key}").text
            assert STREET in client.get(f"/fhir/{later.relative}").text
    with served.staff(NURSE, scope="user/*.cruds system/*.cruds") as broad:
        assert STREET not in broad.get(f"/fhir/{later.key}").text


def test_who_sees_it_masked_cannot_write_away_what_is_masked(
    doctor: httpx2.Client, nurse: httpx2.Client, protected: Person
) -> None:
    for key in (protected.key, protected.relative):
        seen = nurse.get(f"/fhir/{key}")
        answer = nurse.put(f"/fhir/{key}", json=seen.json(), headers={"If-Match": seen.headers["ETag"]})
        assert answer.status_code == 403, answer.text
        assert "protected identity" in answer.text
        patch = [{"op": "add", "path": "/active", "value": True}]
        headers = {"If-Match": seen.headers["ETag"], "Content-Type": "application/json-patch+json"}
        assert nurse.patch(f"/fhir/{key}", json=patch, headers=headers).status_code == 403
        assert STREET in doctor.get(f"/fhir/{key}").text


def test_when_the_label_goes_the_newest_is_shown_again_and_what_was_protected_stays_masked(
    doctor: httpx2.Client, nurse: httpx2.Client, later: Person
) -> None:
    assert later.label(doctor, None).status_code == 200
    assert STREET in nurse.get(f"/fhir/{later.key}").text
    assert STREET in nurse.get(f"/fhir/{later.relative}").text
    assert STREET not in nurse.get(f"/fhir/{later.key}/_history/2").text
    assert later.key in nurse.get("/fhir/RelatedPerson?address-city=Undanby&_count=200").text


def test_a_relative_with_a_label_of_their_own_is_masked(
    served: County, doctor: httpx2.Client, nurse: httpx2.Client
) -> None:
    person = Person(served, doctor, nurse, None)
    about: dict[str, Any] = {"resourceType": "RelatedPerson", "patient": {"reference": person.key}}
    number = made(doctor, {**about, **whereabouts(), **labelled("sekretessmarkering")})
    assert STREET not in nurse.get(f"/fhir/RelatedPerson/{number}").text
    assert STREET in nurse.get(f"/fhir/{person.relative}").text


def test_a_notice_about_them_tells_only_that_there_is_something_to_read(
    served: County, nurse: httpx2.Client, later: Person
) -> None:
    goal = {
        "resourceType": "Goal",
        "lifecycleStatus": "proposed",
        "description": {"text": "Flytta till Undanby"},
    }
    number = made(nurse, {**goal, "subject": {"reference": later.key}})
    unit = "SE9999990101-1E01"
    with served.client(scope="system/right-to-know.c") as notify:
        asked = {
            "unit": unit,
            "focus": f"Goal/{number}",
            "topic": "t",
            "payload": "full-resource",
            "giver": unit[:12],
        }
        answer = notify.post("/api/v1/right-to-know", json=asked).json()
    assert answer["allowed"]
    assert answer["resource"].keys() == {"resourceType", "id", "meta"}
    assert DOCTOR not in str(answer)
