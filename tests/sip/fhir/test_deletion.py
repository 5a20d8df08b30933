"""Deleting hides and keeps: what was deleted is gone for those who saw it, and never was for others."""

from typing import Any

import httpx2

from tests.sip.fhir.conftest import Sip, goal


def made(client: httpx2.Client, resource: dict[str, Any]) -> str:
    answer = client.post(f"/fhir/{resource['resourceType']}", json=resource)
    assert answer.status_code == 201, answer.text
    return f"{resource['resourceType']}/{answer.json()['id']}"


def deleted(client: httpx2.Client, key: str, version: int = 1) -> httpx2.Response:
    return client.delete(f"/fhir/{key}", headers={"If-Match": f'W/"{version}"'})


def code(answer: httpx2.Response) -> str:
    return str(answer.json()["issue"][0]["code"])


def plan(person: str, **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "CarePlan",
        "status": "draft",
        "intent": "plan",
        "subject": {"reference": person},
        **more,
    }


def test_a_deleted_goal_is_gone_and_not_found_any_more(nurse: httpx2.Client, person: str) -> None:
    key = made(nurse, goal(person))
    answer = deleted(nurse, key)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["etag"] == 'W/"2"'
    assert (nurse.get(f"/fhir/{key}").status_code, code(nurse.get(f"/fhir/{key}"))) == (410, "deleted")
    assert nurse.get("/fhir/Goal", params={"patient": person}).json()["total"] == 0
    assert deleted(nurse, key, 2).status_code == 410


def test_history_shows_the_deletion_and_what_there_was(nurse: httpx2.Client, person: str) -> None:
    key = made(nurse, goal(person))
    deleted(nurse, key)
    entries = nurse.get(f"/fhir/{key}/_history").json()["entry"]
    assert [one["request"]["method"] for one in entries] == ["DELETE", "POST"]
    assert "resource" not in entries[0]
    assert nurse.get(f"/fhir/{key}/_history/1").json()["description"] == goal(person)["description"]
    assert nurse.get(f"/fhir/{key}/_history/2").status_code == 410


def test_others_cannot_tell_that_it_ever_was(
    nurse: httpx2.Client, doctor: httpx2.Client, person: str
) -> None:
    key = made(nurse, goal(person))
    assert deleted(doctor, key).status_code == 404
    deleted(nurse, key)
    for path in (key, f"{key}/_history", f"{key}/_history/1", f"{key}/_history/2"):
        answer = doctor.get(f"/fhir/{path}")
        assert (answer.status_code, code(answer)) == (404, "not-found"), path


def test_an_update_brings_it_back(nurse: httpx2.Client, person: str) -> None:
    key = made(nurse, goal(person))
    deleted(nurse, key)
    again = goal(person, "Gå ut varje dag") | {"id": key.partition("/")[2]}
    stale = nurse.put(f"/fhir/{key}", json=again, headers={"If-Match": 'W/"1"'})
    assert stale.status_code == 412
    answer = nurse.put(f"/fhir/{key}", json=again, headers={"If-Match": 'W/"2"'})
    assert answer.status_code == 200
    assert nurse.get(f"/fhir/{key}").json()["meta"]["versionId"] == "3"
    assert nurse.get("/fhir/Goal", params={"patient": person}).json()["total"] == 1


def test_a_deletion_says_which_version_it_means(nurse: httpx2.Client, person: str) -> None:
    key = made(nurse, goal(person))
    assert nurse.delete(f"/fhir/{key}").status_code == 428
    assert deleted(nurse, key, 7).status_code == 412
    assert nurse.get(f"/fhir/{key}").status_code == 200


def test_what_others_refer_to_stays(nurse: httpx2.Client, person: str) -> None:
    key = made(nurse, goal(person))
    plan_key = made(nurse, plan(person, goal=[{"reference": key}]))
    answer = deleted(nurse, key)
    assert answer.status_code == 409
    assert plan_key in answer.json()["issue"][0]["details"]["text"]
    assert deleted(nurse, plan_key).status_code == 204
    assert deleted(nurse, key).status_code == 204


def test_a_directory_row_in_use_is_not_deleted_and_an_unused_one_is(nurse: httpx2.Client) -> None:
    parent = made(nurse, {"resourceType": "Organization", "name": "Kommun", "identifier": hsa("SE-K")})
    child = {"resourceType": "Organization", "name": "Enhet", "identifier": hsa("SE-K-x")}
    child_key = made(nurse, child | {"partOf": {"reference": parent}})
    assert deleted(nurse, parent).status_code == 409
    assert deleted(nurse, child_key).status_code == 204
    assert nurse.get(f"/fhir/{child_key}").status_code == 410


def hsa(value: str) -> list[dict[str, str]]:
    return [{"system": "urn:oid:1.2.752.29.4.19", "value": value}]


def test_a_plan_that_was_acted_on_is_ended_not_deleted(nurse: httpx2.Client, person: str) -> None:
    key = made(nurse, plan(person, status="active"))
    answer = deleted(nurse, key)
    assert answer.status_code == 422
    assert answer.json()["issue"][0]["details"]["coding"][0]["code"] == "deletion-refused"


def test_only_the_unit_that_wrote_it_deletes(sip: Sip, nurse: httpx2.Client, person: str) -> None:
    """The resident sees it, and so would any unit let in; neither deletes what another wrote."""
    key = made(nurse, goal(person))
    with sip.client("SE-K-other") as other:
        made(other, goal(person, "Ett annat mål"))
        assert deleted(other, person, 1).status_code in {403, 412}
        assert deleted(other, key).status_code == 404


def test_deleting_needs_its_own_scope(sip: Sip, nurse: httpx2.Client, person: str) -> None:
    key = made(nurse, goal(person))
    with sip.client("SE-K-unit", scope="user/*.crus") as narrow:
        assert deleted(narrow, key).status_code == 403
    assert nurse.get(f"/fhir/{key}").status_code == 200


def test_the_log_says_that_it_was_deleted(sip: Sip, nurse: httpx2.Client, person: str) -> None:
    key = made(nurse, goal(person))
    deleted(nurse, key)
    with sip.client("SE-K-privacy", commissionPurpose="Loggkontroll") as officer:
        found = officer.get("/fhir/AuditEvent", params={"patient": person, "action": "D"}).json()["entry"]
    assert [one["resource"]["action"] for one in found] == ["D"]
