"""Bulk import: by the rules of what comes alone, known by its identifier, gone on with where it stopped."""

import gzip
import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pymongo import MongoClient

from tests.sip.harness import DOCTOR, NURSE, OTHER_DOCTOR, SECOND_DOCTOR, County, county
from tests.sip.imports import (
    NDJSON,
    SYSTEM,
    Centre,
    Resource,
    centre,
    counted,
    issues,
    load,
    ndjson,
    refusals,
    told,
)

NAMES = itertools.count(1)


def name() -> str:
    return f"contact-{next(NAMES)}"


@pytest.fixture(scope="module")
def served(mongo_url: str) -> Iterator[County]:
    with county(mongo_url) as running:
        yield running


@pytest.fixture(scope="module")
def home(served: County) -> Centre:
    return centre(served)


@pytest.fixture
def doctor(served: County) -> Iterator[httpx2.Client]:
    with served.staff(DOCTOR) as client:
        yield client


def found(client: httpx2.Client, named: str) -> list[Resource]:
    answer = client.get("/fhir/Encounter", params={"identifier": f"{SYSTEM}|{named}"})
    return [one["resource"] for one in answer.json().get("entry", [])]


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


def kinds(home: Centre, served: County) -> dict[str, dict[str, Any]]:
    """Everything that may be wrong with a contact, and some things that are not."""
    with served.staff(NURSE) as nurse, served.staff(DOCTOR) as doctor:
        hidden = nurse.post(
            "/fhir/Condition",
            json={
                "resourceType": "Condition",
                "subject": {"reference": home.persons[0]},
                "code": {"text": "x"},
            },
        ).json()["id"]
        elsewhere = doctor.post(
            "/fhir/Condition",
            json={
                "resourceType": "Condition",
                "subject": {"reference": home.persons[1]},
                "code": {"text": "x"},
            },
        ).json()["id"]
    return {
        "good": {},
        "without provider": {"participant": None},
        "in the future": {"period": {"start": "2031-01-01"}},
        "for nobody known": {"subject": {"reference": "Patient/nobody"}},
        "without person": {"subject": None},
        "of no status": {"status": "banana"},
        "without class": {"class": None},
        "no such provider": {"participant": [{"individual": {"reference": "PractitionerRole/nobody"}}]},
        "provider of a wrong type": {"participant": [{"individual": {"reference": home.unit}}]},
        "backwards": {"period": {"start": "2026-03-02", "end": "2026-03-01"}},
        "about a hidden thing": {"diagnosis": [{"condition": {"reference": f"Condition/{hidden}"}}]},
        "about another's thing": {"diagnosis": [{"condition": {"reference": f"Condition/{elsewhere}"}}]},
        "led nowhere": {"subject": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000009"}},
        "absolute": {"serviceProvider": {"reference": f"https://samplan.test/fhir/{home.unit}"}},
        "unknown element": {"colour": "red"},
    }


@pytest.fixture(scope="module")
def every_kind(home: Centre, served: County) -> dict[str, dict[str, Any]]:
    return kinds(home, served)


KINDS = (
    "good", "without provider", "in the future", "for nobody known", "without person", "of no status",
    "without class", "no such provider", "provider of a wrong type", "backwards", "about a hidden thing",
    "about another's thing", "led nowhere", "absolute", "unknown element",
)  # fmt: skip


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(st.sampled_from(KINDS), min_size=1, max_size=20))
def test_an_import_accepts_exactly_what_comes_through_alone(
    doctor: httpx2.Client, home: Centre, every_kind: dict[str, dict[str, Any]], wanted: list[str]
) -> None:
    alone = [doctor.post("/fhir/Encounter", json=home.encounter(name(), **every_kind[one])) for one in wanted]
    number, names = name(), [name() for _ in wanted]
    lines = [home.encounter(n, **every_kind[one]) for n, one in zip(names, wanted, strict=True)]

    answer = load(doctor, ndjson(*lines), id=number)

    refused = refusals(doctor, number)
    assert refused == {
        line: issues(one.json()) for line, one in enumerate(alone, 1) if one.status_code != 201
    }
    assert counted(answer) == (len(lines) - len(refused), 0, 0, len(refused))
    for line, (named, one) in enumerate(zip(names, alone, strict=True), 1):
        stored = [[kept[element] for element in kept if element not in {"id", "meta", "identifier"}]
                  for kept in found(doctor, named)]  # fmt: skip
        single = [
            value for element, value in one.json().items() if element not in {"id", "meta", "identifier"}
        ]
        assert stored == ([] if line in refused else [single])


def test_garbage_is_told_line_by_line_and_the_rest_is_loaded(doctor: httpx2.Client, home: Centre) -> None:
    good = [ndjson(home.encounter(name())).strip() for _ in range(5)]
    whole = ndjson(home.encounter(name())).strip()
    lines = [
        good[0] + b"\r",
        b'{"resourceType": "Encounter", ',
        b"\x00\x01\xff\xfe\x89PNG",
        whole.replace(b'"finished"', b"NaN"),
        b'{"resourceType":"Encounter","x":"' + b"y" * (5 << 20) + b'"}',
        b'{"resourceType":"Goal"}',
        b"",
        good[1],
        b"[1,2]",
        whole.replace(b'"status"', b'"status":"planned","status"'),
        b"   \t",
        ndjson(home.encounter(name(), identifier=None)).strip(),
        b"\xef\xbb\xbf" + whole,
        b"[" * 200 + b"]" * 200,
        good[2],
        whole[:-20],
    ]

    answer = load(doctor, b"\n".join(lines), id="garbage")

    assert counted(answer) == (3, 0, 0, 11)
    assert told(answer)["lines"] == 16
    refused = refusals(doctor, "garbage")
    assert sorted(refused) == [2, 3, 4, 5, 6, 9, 10, 12, 13, 14, 16]
    texts = {line: why[0][0] for line, why in refused.items()}
    assert "1048576 bytes" in texts[5]
    assert "given twice" in texts[10]
    assert "identifier" in texts[12]
    assert "not JSON" in texts[16]
    assert refusals(doctor, "garbage", after=12).keys() == {13, 14, 16}


@pytest.mark.parametrize("media", ["application/fhir+json", "text/csv", ""])
def test_other_media_types_are_refused(doctor: httpx2.Client, media: str) -> None:
    answer = doctor.post("/fhir/Encounter/$import", content=b"{}", headers={"Content-Type": media})
    assert answer.status_code == 415


def test_what_is_compressed_is_refused_before_it_is_opened(doctor: httpx2.Client) -> None:
    bomb = gzip.compress(b"0" * (8 << 20))
    answer = doctor.post(
        "/fhir/Encounter/$import", content=bomb, headers={**NDJSON, "Content-Encoding": "gzip"}
    )
    assert answer.status_code == 415


def test_an_import_goes_on_where_it_stopped(doctor: httpx2.Client, home: Centre) -> None:
    lines = [home.encounter(name()) for _ in range(4)]
    first = load(doctor, ndjson(*lines[:2], home.encounter(name(), status="no")), id="in-parts")
    assert told(first)["lines"] == 3
    came = doctor.get("/fhir/Encounter/$import", params={"id": "in-parts"})
    assert told(came) == told(first)

    ahead = load(doctor, ndjson(lines[3]), id="in-parts", line=5)
    assert ahead.status_code == 400
    assert "line 4" in ahead.json()["issue"][0]["details"]["text"]
    corrected = load(doctor, ndjson(lines[2], lines[3]), id="in-parts", line=3)

    assert told(corrected)["lines"] == 4
    assert refusals(doctor, "in-parts") == {}
    assert all(len(found(doctor, one["identifier"][0]["value"])) == 1 for one in lines)


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


def test_an_import_is_its_units_own(served: County, doctor: httpx2.Client, home: Centre) -> None:
    load(doctor, ndjson(home.encounter(name(), status="no")), id="ours")
    with served.staff(OTHER_DOCTOR) as other, served.staff(SECOND_DOCTOR) as colleague:
        assert refusals(colleague, "ours").keys() == {1}
        for path in ("$import", "$import-report"):
            assert other.get(f"/fhir/Encounter/{path}", params={"id": "ours"}).status_code == 404
        # The same identifier is another contact there, unseen from here.
        [named] = [home.encounter(name())]
        assert counted(load(doctor, ndjson(named))) == (1, 0, 0, 0)
        assert counted(load(other, ndjson(named))) == (1, 0, 0, 0)


@pytest.mark.parametrize(
    ("claims", "status"),
    [({"scope": "user/*.rs"}, 403), ({"healthcareUnitHsaId": None}, 403), ({"scope": "user/Goal.c"}, 403)],
)
def test_who_may_not_write_contacts_loads_none(
    served: County, home: Centre, claims: dict[str, Any], status: int
) -> None:
    with served.staff(DOCTOR, **claims) as client:
        assert load(client, ndjson(home.encounter(name()))).status_code == status


def test_who_may_only_create_changes_nothing_by_sending_it_again(
    served: County, doctor: httpx2.Client, home: Centre
) -> None:
    one = name()
    load(doctor, ndjson(home.encounter(one)))
    with served.staff(DOCTOR, scope="user/Encounter.c") as client:
        changed = [home.encounter(one, status="cancelled"), home.encounter(name())]
        assert counted(load(client, ndjson(*changed), id="create-only")) == (1, 0, 0, 1)
        assert "no scope covers u" in refusals(client, "create-only")[1][0][0]
    assert found(doctor, one)[0]["status"] == "finished"


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
