"""What a client has is not sent again; what it wants back after a write is what it gets."""

import httpx2

from tests.sip.fhir.conftest import goal


def test_a_version_that_is_known_is_not_sent_again(nurse: httpx2.Client, person: str) -> None:
    made = nurse.post("/fhir/Goal", json=goal(person))
    address, etag = f"/fhir/Goal/{made.json()['id']}", made.headers["etag"]
    for tag in (etag, '"1"', f'W/"7", {etag}', "*"):
        answer = nurse.get(address, headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (304, b""), tag
        assert answer.headers["etag"] == etag
    assert nurse.get(address, headers={"If-None-Match": 'W/"2"'}).status_code == 200


def test_what_was_not_modified_since_is_not_sent_again(nurse: httpx2.Client, person: str) -> None:
    made = nurse.post("/fhir/Goal", json=goal(person))
    address, at = f"/fhir/Goal/{made.json()['id']}", made.headers["last-modified"]
    earlier = "Sun, 01 Nov 2020 10:00:00 GMT"
    assert nurse.get(address, headers={"If-Modified-Since": at}).status_code == 304
    assert nurse.get(address, headers={"If-Modified-Since": earlier}).status_code == 200
    assert nurse.get(address, headers={"If-Modified-Since": "banana"}).status_code == 200
    both = {"If-Modified-Since": at, "If-None-Match": 'W/"2"'}
    assert nurse.get(address, headers=both).status_code == 200


def test_an_outsider_gets_no_304(nurse: httpx2.Client, doctor: httpx2.Client, person: str) -> None:
    made = nurse.post("/fhir/Goal", json=goal(person)).json()
    assert doctor.get(f"/fhir/Goal/{made['id']}", headers={"If-None-Match": "*"}).status_code == 404


def test_what_comes_back_is_as_preferred(nurse: httpx2.Client, person: str) -> None:
    answers = {
        wish: nurse.post("/fhir/Goal", json=goal(person), headers={"Prefer": f"return={wish}"})
        for wish in ("minimal", "representation", "OperationOutcome", "banana")
    }
    assert {one.status_code for one in answers.values()} == {201}
    assert answers["minimal"].content == b""
    assert answers["minimal"].headers["location"].endswith("/_history/1")
    assert answers["representation"].json()["resourceType"] == "Goal"
    assert answers["banana"].json()["resourceType"] == "Goal"
    outcome = answers["OperationOutcome"].json()
    assert (outcome["resourceType"], outcome["issue"][0]["severity"]) == ("OperationOutcome", "information")
