"""Bulk import: by the rules of what comes alone, known by its identifier, gone on with where it stopped."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
from pymongo import MongoClient

from tests.sip.bulk.material import (
    NDJSON,
    Centre,
    counted,
    found,
    load,
    name,
    ndjson,
    refusals,
    told,
)
from tests.sip.harness import DOCTOR, County


def test_what_is_loaded_is_there_to_be_found(doctor: httpx2.Client, home: Centre) -> None:
    names = [name() for _ in range(1203)]
    lines = [
        home.encounter(one, subject={"reference": home.persons[number % 3]})
        for number, one in enumerate(names)
    ]

    answer = load(doctor, ndjson(*lines), id="many")

    assert counted(answer) == (1203, 0, 0, 0)
    assert told(answer)["lines"] == 1203
    assert told(answer)["ended"] is True
    for one in (names[0], names[700], names[-1]):
        [there] = found(doctor, one)
        assert there["meta"]["versionId"] == "1"


def test_the_same_again_is_nothing_and_other_content_a_new_version(
    doctor: httpx2.Client, home: Centre
) -> None:
    same, corrected, cancelled = name(), name(), name()
    first = [home.encounter(one) for one in (same, corrected, cancelled)]
    assert counted(load(doctor, ndjson(*first))) == (3, 0, 0, 0)
    shuffled = dict(reversed(first[0].items()))

    second = [
        shuffled,
        home.encounter(corrected, period={"start": "2026-03-03"}),
        home.encounter(cancelled, status="cancelled"),
    ]

    assert counted(load(doctor, ndjson(*second))) == (0, 2, 1, 0)
    assert found(doctor, same)[0]["meta"]["versionId"] == "1"
    assert found(doctor, corrected)[0]["period"] == {"start": "2026-03-03"}
    assert [one["status"] for one in found(doctor, cancelled)] == ["cancelled"]


def test_within_one_body_the_last_word_on_a_contact_holds(doctor: httpx2.Client, home: Centre) -> None:
    one = name()
    lines = [home.encounter(one), home.encounter(one), home.encounter(one, status="entered-in-error")]

    assert counted(load(doctor, ndjson(*lines))) == (1, 1, 1, 0)
    [there] = found(doctor, one)
    assert (there["status"], there["meta"]["versionId"]) == ("entered-in-error", "2")


def test_a_contact_that_came_alone_is_known_when_it_comes_in_bulk(
    doctor: httpx2.Client, home: Centre
) -> None:
    one = name()
    assert doctor.post("/fhir/Encounter", json=home.encounter(one)).status_code == 201

    assert counted(load(doctor, ndjson(home.encounter(one)))) == (0, 0, 1, 0)
    assert counted(load(doctor, ndjson(home.encounter(one, status="cancelled")))) == (0, 1, 0, 0)
    assert len(found(doctor, one)) == 1


def test_what_its_unit_deleted_is_not_loaded_again(doctor: httpx2.Client, home: Centre) -> None:
    one = name()
    load(doctor, ndjson(home.encounter(one, status="entered-in-error")))
    [there] = found(doctor, one)
    assert doctor.delete(f"/fhir/Encounter/{there['id']}", headers={"If-Match": 'W/"1"'}).status_code == 204

    load(doctor, ndjson(home.encounter(one), home.encounter(name())), id="deleted")

    [[text, _]] = refusals(doctor, "deleted")[1]
    assert "was deleted" in text
    assert found(doctor, one) == []


def test_two_who_send_the_same_at_once_load_it_once(served: County, home: Centre) -> None:
    names = [name() for _ in range(60)]
    body = ndjson(*(home.encounter(one) for one in names))

    def send(_number: int) -> tuple[int, int, int, int]:
        with served.staff(DOCTOR) as client:
            return counted(load(client, body))

    with ThreadPoolExecutor(4) as pool:
        came = list(pool.map(send, range(4)))

    assert [sum(counts) for counts in zip(*came, strict=True)] == [60, 0, 180, 0]
    with served.staff(DOCTOR) as client:
        assert all(len(found(client, one)) == 1 for one in names)


def test_whatever_is_loaded_or_refused_is_on_record(
    served: County, doctor: httpx2.Client, home: Centre
) -> None:
    lines = [home.encounter(name()), home.encounter(name(), status="no")]
    asked = {**NDJSON, "X-Request-Id": "import-on-record"}
    doctor.post("/fhir/Encounter/$import", content=ndjson(*lines), headers=asked)
    doctor.post("/fhir/Encounter/$import", content=ndjson(lines[0]), headers=asked)

    with MongoClient[dict[str, Any]](served.mongo_url) as client:
        rows = client[served.database].access.find({"request": "import-on-record"}).sort("_id", 1)
        said = [(row["person"], row["action"], row["allowed"]) for row in rows]
    person = home.persons[0]
    assert said == [(person, "C", False), (person, "C", True), (person, "R", True)]


def test_a_transaction_of_five_hundred_contacts_is_stored(doctor: httpx2.Client, home: Centre) -> None:
    names = [name() for _ in range(500)]
    entries = [
        {"resource": home.encounter(one, subject={"reference": home.persons[number % 3]}),
         "request": {"method": "POST", "url": "Encounter"}}
        for number, one in enumerate(names)
    ]  # fmt: skip
    answer = doctor.post("/fhir", json={"resourceType": "Bundle", "type": "transaction", "entry": entries})

    assert answer.status_code == 200, answer.text
    assert len(found(doctor, names[499])) == 1


def test_contacts_that_come_together_do_not_point_from_one_person_to_another(
    doctor: httpx2.Client, home: Centre
) -> None:
    whole, part = (f"urn:uuid:00000000-0000-4000-8000-00000000000{number}" for number in (1, 2))
    first = home.encounter(name(), subject={"reference": home.persons[1]})
    second = home.encounter(name(), partOf={"reference": whole})
    entries = [
        {"fullUrl": url, "resource": one, "request": {"method": "POST", "url": "Encounter"}}
        for url, one in ((whole, first), (part, second))
    ]
    answer = doctor.post("/fhir", json={"resourceType": "Bundle", "type": "transaction", "entry": entries})

    assert answer.status_code == 422
    assert "about another person" in answer.json()["issue"][0]["details"]["text"]
