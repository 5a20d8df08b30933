"""Whatever is sent, the answer is a 4xx outcome that says what and where, and nothing is stored."""

import json
from typing import Any

import httpx2
import pytest
from pymongo import MongoClient

from tests.sip.fhir.conftest import Sip, goal

DEEP = b'{"resourceType":"Goal","extension":' + b"[" * 10_000 + b"]" * 10_000 + b"}"

BODIES: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 400),
    "no JSON": (b"{not json", 400),
    "a list": (b"[]", 400),
    "a number": (b"7", 400),
    "NaN": (b'{"resourceType":"Goal","x":NaN}', 400),
    "infinity": (b'{"resourceType":"Goal","x":1e999}', 400),
    "a name twice": (b'{"resourceType":"Goal","resourceType":"Goal"}', 400),
    "a NUL character": (b'{"resourceType":"Goal","description":{"text":"a\\u0000b"}}', 400),
    "half a surrogate pair": (b'{"resourceType":"Goal","description":{"text":"\\ud800"}}', 400),
    "bytes that are no UTF-8": (b'{"resourceType":"Goal","description":{"text":"\xff"}}', 400),
    "10,000 nested lists": (DEEP, 400),
    "5 MB": (b'{"resourceType":"Goal","x":"' + b"a" * 5_000_000 + b'"}', 400),
    "another type": (b'{"resourceType":"Task"}', 400),
    "no type": (b'{"status":"draft"}', 400),
    "an empty resource": (b'{"resourceType":"Goal"}', 422),
    "a null": (b'{"resourceType":"Goal","lifecycleStatus":null}', 422),
    "a wrong type of value": (b'{"resourceType":"Goal","lifecycleStatus":["proposed"]}', 422),
    "an operator as a value": (b'{"resourceType":"Goal","lifecycleStatus":{"$ne":""}}', 422),
    "a huge whole number": (b'{"resourceType":"Goal","lifecycleStatus":' + b"9" * 400 + b"}", 400),
}


def stored(sip: Sip) -> int:
    with MongoClient[dict[str, Any]](sip.mongo_url) as client:
        return client[sip.database].records.count_documents({})


def told(answer: httpx2.Response) -> dict[str, Any]:
    assert answer.headers["content-type"].startswith("application/fhir+json")
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert outcome["issue"][0]["details"]["text"]
    first: dict[str, Any] = outcome["issue"][0]
    return first


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_cannot_stand_is_refused_in_words_and_nothing_is_stored(
    sip: Sip, nurse: httpx2.Client, name: str
) -> None:
    body, status = BODIES[name]
    before = stored(sip)
    answer = nurse.post("/fhir/Goal", content=body, headers={"Content-Type": "application/fhir+json"})
    assert answer.status_code == status, answer.text[:300]
    told(answer)
    assert stored(sip) == before


def test_an_unknown_code_is_named_with_its_place(nurse: httpx2.Client, person: str) -> None:
    answer = nurse.post("/fhir/Goal", json=goal(person, lifecycleStatus="banana"))
    assert answer.status_code == 422
    assert told(answer)["expression"] == ["Goal.lifecycleStatus"]
    assert "banana" in told(answer)["details"]["text"]


def test_a_bad_entry_is_named_by_its_place_in_the_bundle(sip: Sip, nurse: httpx2.Client, person: str) -> None:
    before = stored(sip)
    entries = [
        {"resource": goal(person), "request": {"method": "POST", "url": "Goal"}},
        {"resource": goal(person, lifecycleStatus="banana"), "request": {"method": "POST", "url": "Goal"}},
    ]
    answer = nurse.post("/fhir", json={"resourceType": "Bundle", "type": "transaction", "entry": entries})
    assert answer.status_code == 422
    assert told(answer)["expression"] == ["Bundle.entry[1].resource.lifecycleStatus"]
    assert stored(sip) == before


SEARCHES = {
    "an operator in the name": ("subject[$ne]=", 400),
    "an operator in another name": ("$where=1", 400),
    "an unknown parameter": ("banana=1", 400),
    "an unknown modifier": ("lifecycle-status:banana=active", 400),
    "no value": ("lifecycle-status=", 400),
    "a date that is none": ("start-date=2026-02-31", 400),
    "a date with a wrong prefix": ("start-date=zz2026", 400),
    "a count that is no number": ("_count=many", 400),
    "a page that is none": ("_page=banana", 400),
    "a page of wrong things": ("_page=WzEsMiwzXQ", 400),
    "a value of 10 KB": ("lifecycle-status=" + "a" * 10_000, 400),
    "100 repetitions": ("&".join(["lifecycle-status=active"] * 100), 400),
    "a NUL character": ("lifecycle-status=%00", 400),
    "an unknown sort": ("_sort=banana", 400),
    "a format that is not served": ("_format=xml", 400),
}


@pytest.mark.parametrize("name", SEARCHES)
def test_a_search_that_cannot_stand_is_refused_naming_the_parameter(nurse: httpx2.Client, name: str) -> None:
    query, status = SEARCHES[name]
    answer = nurse.get(f"/fhir/Goal?{query}")
    assert answer.status_code == status, answer.text[:300]
    told(answer)


@pytest.mark.parametrize("value", ["^(a+)+$", ".*", "[", "\\", "{'$ne':1}", "a|b", "å%25"])
def test_patterns_and_operators_in_values_are_plain_text(nurse: httpx2.Client, value: str) -> None:
    answer = nurse.get("/fhir/Patient", params={"name:contains": value})
    assert answer.status_code == 200
    assert answer.json()["total"] == 0


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ({"Accept": "application/fhir+xml"}, "/fhir/Goal", 406),
        ({}, "/fhir/Banana", 404),
        ({}, "/fhir/Banana/1", 404),
        ({}, "/fhir/Goal/" + "a" * 65, 400),
        ({}, "/fhir/Goal/1/_history/one", 404),
        ({}, "/fhir/Goal/1/banana/2/3", 404),
        ({}, "/fhir/Subscription", 404),
    ],
)
def test_what_is_not_served_is_told_as_an_outcome(
    nurse: httpx2.Client, headers: dict[str, str], path: str, status: int
) -> None:
    answer = nurse.get(path, headers=headers)
    assert answer.status_code == status
    told(answer)


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS"])
def test_a_method_that_is_not_served_is_405(nurse: httpx2.Client, method: str) -> None:
    answer = nurse.request(method, "/fhir/Goal/1")
    assert answer.status_code == 405
    told(answer)


def test_xml_is_refused_as_a_media_type_not_understood(nurse: httpx2.Client) -> None:
    answer = nurse.post("/fhir/Goal", content=b"<Goal/>", headers={"Content-Type": "application/fhir+xml"})
    assert answer.status_code == 415
    told(answer)


def test_what_the_service_makes_itself_is_not_written(nurse: httpx2.Client) -> None:
    answer = nurse.post("/fhir/AuditEvent", json={"resourceType": "AuditEvent"})
    assert answer.status_code == 405
    told(answer)


@pytest.mark.parametrize(
    ("header", "error"),
    [
        ({}, "Bearer"),
        ({"Authorization": "Basic abc"}, 'Bearer error="invalid_request"'),
        ({"Authorization": "Bearer"}, 'Bearer error="invalid_request"'),
        ({"Authorization": "Bearer not.a.token"}, 'Bearer error="invalid_token"'),
        ({"Authorization": "Bearer " + "a" * 9000}, 'Bearer error="invalid_token"'),
    ],
)
def test_without_a_token_that_holds_nothing_is_looked_at(
    sip: Sip, header: dict[str, str], error: str
) -> None:
    answer = httpx2.get(f"{sip.url}/fhir/Goal/1", headers=header)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == error
    assert told(answer)["code"] == "login"


def test_a_scope_that_does_not_cover_it_is_403(sip: Sip) -> None:
    with sip.client(scope="user/Task.cruds") as client:
        answer = client.get("/fhir/Goal/1")
    assert answer.status_code == 403
    assert told(answer)["code"] == "forbidden"


def test_an_update_must_say_which_version_it_replaces(nurse: httpx2.Client, person: str) -> None:
    made = nurse.post("/fhir/Goal", json=goal(person)).json()
    address = f"/fhir/Goal/{made['id']}"
    assert nurse.put(address, json=made).status_code == 428
    assert nurse.put(address, json=made, headers={"If-Match": "banana"}).status_code == 400
    assert nurse.put(address, json=made, headers={"If-Match": 'W/"7"'}).status_code == 412
    other = made | {"id": "other"}
    assert nurse.put(address, json=other, headers={"If-Match": 'W/"1"'}).status_code == 400
    assert nurse.get(address).json()["meta"]["versionId"] == "1"


def test_decimals_come_back_as_they_were_written(nurse: httpx2.Client, person: str) -> None:
    body = json.dumps(goal(person, target=[{"measure": {"text": "kg"}, "detailQuantity": {"value": 0}}]))
    made = nurse.post(
        "/fhir/Goal",
        content=body.replace('"value": 0', '"value": 1.10'),
        headers={"Content-Type": "application/fhir+json"},
    )
    assert made.status_code == 201, made.text
    assert '"value":1.10' in nurse.get(f"/fhir/Goal/{made.json()['id']}").text
