"""Bundles that are acted on: a transaction whole or not at all, a batch entry by entry."""

import base64
import json
import uuid
from typing import Any

import httpx2

from tests.sip.fhir.conftest import Sip, goal

SYSTEM = "https://ehr.example/id"
A, B = (f"urn:uuid:00000000-0000-4000-8000-00000000000{n}" for n in (1, 2))


def entry(
    method: str, url: str, resource: Any = None, full_url: str | None = None, **more: str
) -> dict[str, Any]:
    made: dict[str, Any] = {"request": {"method": method, "url": url, **more}}
    if resource is not None:
        made["resource"] = resource
    return made | ({"fullUrl": full_url} if full_url else {})


def sent(
    client: httpx2.Client, *entries: dict[str, Any], kind: str = "transaction", **headers: str
) -> httpx2.Response:
    bundle = {"resourceType": "Bundle", "type": kind, "entry": list(entries)}
    return client.post("/fhir", json=bundle, headers=headers)


def resources(answer: httpx2.Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return [one["resource"] for one in answer.json()["entry"]]


def statuses(answer: httpx2.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["response"]["status"][:3] for one in answer.json()["entry"]]


def created(client: httpx2.Client, resource: dict[str, Any]) -> str:
    kind = resource["resourceType"]
    return f"{kind}/{client.post(f'/fhir/{kind}', json=resource).json()['id']}"


def count(client: httpx2.Client, person: str) -> int:
    return int(client.get("/fhir/Goal", params={"patient": person}).json()["total"])


def plan(person: str, *goals: str) -> dict[str, Any]:
    subject = {"reference": person}
    return {"resourceType": "CarePlan", "status": "draft", "intent": "plan", "subject": subject,
            "goal": [{"reference": one} for one in goals]}  # fmt: skip


def test_all_methods_in_one_transaction_in_fhirs_order(nurse: httpx2.Client, person: str) -> None:
    old, kept, changed = (created(nurse, goal(person, text)) for text in ("bort", "läst", "ändrad"))
    patch = [{"op": "replace", "path": "/lifecycleStatus", "value": "active"}]
    binary = {
        "resourceType": "Binary", "contentType": "application/json-patch+json",
        "data": base64.b64encode(json.dumps(patch).encode()).decode(),
    }  # fmt: skip
    answer = sent(
        nurse,
        entry("GET", f"Goal?patient={person}"),
        entry("PUT", kept, goal(person, "ny text") | {"id": kept.partition("/")[2]}, ifMatch='W/"1"'),
        entry("PATCH", changed, binary, ifMatch='W/"1"'),
        entry("POST", "CarePlan", plan(person, B)),
        entry("POST", "Goal", goal(person, "nytt"), B),
        entry("DELETE", old, ifMatch='W/"1"'),
        entry("GET", kept),
    )
    assert statuses(answer) == ["200", "200", "200", "201", "201", "204", "200"]
    entries = answer.json()["entry"]
    assert entries[0]["resource"]["total"] == 3
    assert entries[6]["resource"]["description"]["text"] == "ny text"
    made = nurse.get("/" + entries[3]["response"]["location"].partition("samplan.test/")[2]).json()
    new = entries[4]["response"]["location"].partition("/fhir/")[2].partition("/_history")[0]
    assert made["goal"] == [{"reference": new}]
    assert nurse.get(f"/fhir/{old}").status_code == 410


def test_uris_and_links_in_the_narrative_are_led_too(nurse: httpx2.Client, person: str) -> None:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><a href="{B}">målet</a></div>'
    linked = plan(person, B) | {"text": {"status": "generated", "div": div}, "instantiatesUri": [B]}
    linked["identifier"] = [{"system": "urn:ietf:rfc:3986", "value": B}]
    answer = sent(nurse, entry("POST", "CarePlan", linked), entry("POST", "Goal", goal(person), B),
                  Prefer="return=representation")  # fmt: skip
    stored, target = resources(answer)
    key = f"Goal/{target['id']}"
    assert stored["instantiatesUri"] == [key]
    assert f'href="{key}"' in stored["text"]["div"]
    assert stored["identifier"][0]["value"] == B


def test_one_that_fails_takes_all_with_it(nurse: httpx2.Client, person: str) -> None:
    key = created(nurse, goal(person))
    number = key.partition("/")[2]
    bad = {
        "an absent read": entry("GET", "Goal/absent"),
        "a stale version": entry("PUT", key, goal(person) | {"id": number}, ifMatch='W/"7"'),
        "no version": entry("DELETE", key),
        "a search that does not hold": entry("GET", "Goal?banana=1"),
        "content that does not hold": entry("POST", "Goal", goal(person, lifecycleStatus="banana")),
        "a reference that leads nowhere": entry("POST", "CarePlan", plan(person, A)),
        "a reference that finds nothing": entry(
            "POST", "CarePlan", plan(person, f"Goal?identifier={SYSTEM}|no")
        ),
        "another type": entry("POST", "Goal", plan(person)),
        "an operation": entry("POST", "Goal/$validate", goal(person)),
        "a type that is not served": entry("POST", "Banana", {"resourceType": "Banana"}),
    }
    for name, one in bad.items():
        answer = sent(nurse, entry("POST", "Goal", goal(person, "ska inte finnas")), one)
        assert answer.status_code in {400, 404, 412, 422, 428}, (name, answer.text)
        assert answer.json()["resourceType"] == "OperationOutcome", name
    assert count(nurse, person) == 1


def test_one_resource_is_written_once(nurse: httpx2.Client, person: str) -> None:
    key = created(nurse, goal(person))
    put = entry("PUT", key, goal(person) | {"id": key.partition("/")[2]}, ifMatch='W/"1"')
    assert sent(nurse, put, entry("DELETE", key, ifMatch='W/"1"')).status_code == 400


def test_references_by_search_find_what_the_caller_may_see(
    nurse: httpx2.Client, doctor: httpx2.Client, person: str
) -> None:
    number = uuid.uuid4().hex
    key = created(nurse, goal(person, identifier=[{"system": SYSTEM, "value": number}]))
    by_search = plan(person, f"Goal?identifier={SYSTEM}|{number}")
    answer = sent(nurse, entry("POST", "CarePlan", by_search), Prefer="return=representation")
    assert resources(answer)[0]["goal"] == [{"reference": key}]
    assert sent(doctor, entry("POST", "CarePlan", by_search)).status_code == 412


def test_the_patient_is_found_by_personal_number_in_a_reference(nurse: httpx2.Client, person: str) -> None:
    identifier = nurse.get(f"/fhir/{person}").json()["identifier"][0]
    by_number = goal(f"Patient?identifier={identifier['system']}|{identifier['value']}")
    answer = sent(nurse, entry("POST", "Goal", by_number), Prefer="return=representation")
    assert resources(answer)[0]["subject"] == {"reference": person}


def test_conditions_hold_within_a_transaction(nurse: httpx2.Client, person: str) -> None:
    number = uuid.uuid4().hex
    own = goal(person, identifier=[{"system": SYSTEM, "value": number}])
    criteria = f"identifier={SYSTEM}|{number}"
    both = (entry("POST", "Goal", own, A, ifNoneExist=criteria), entry("POST", "CarePlan", plan(person, A)))
    first, second = sent(nurse, *both), sent(nurse, *both)
    assert (statuses(first), statuses(second)) == (["201", "201"], ["200", "201"])
    assert count(nurse, person) == 1
    assert statuses(sent(nurse, entry("PUT", f"Goal?{criteria}", own))) == ["200"]
    assert statuses(sent(nurse, entry("DELETE", f"Goal?identifier={SYSTEM}|none"))) == ["204"]


def test_scopes_are_asked_entry_by_entry(sip: Sip, nurse: httpx2.Client, person: str) -> None:
    key = created(nurse, goal(person))
    with sip.client("SE-K-unit", scope="user/Goal.cr user/CarePlan.r") as narrow:
        answer = sent(narrow, entry("POST", "Goal", goal(person)), entry("POST", "CarePlan", plan(person)))
        assert answer.status_code == 403
        assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[1].resource"]
        assert sent(narrow, entry("DELETE", key, ifMatch='W/"1"')).status_code == 403
        mixed = sent(
            narrow, entry("POST", "Goal", goal(person)), entry("POST", "CarePlan", plan(person)), kind="batch"
        )
        assert statuses(mixed) == ["201", "403"]


def test_a_batch_does_what_can_be_done(nurse: httpx2.Client, person: str) -> None:
    key = created(nurse, goal(person))
    answer = sent(
        nurse,
        entry("GET", key),
        entry("GET", "Goal/absent"),
        entry("POST", "Goal", goal(person)),
        entry("POST", "Goal", goal(person, lifecycleStatus="banana")),
        entry("GET", key, ifNoneMatch='W/"1"'),
        entry("DELETE", key),
        entry("POST", "", {"resourceType": "Bundle", "type": "batch"}),
        entry("GET", f"Goal?patient={person}&_count=1"),
        kind="batch",
    )
    assert statuses(answer) == ["200", "404", "201", "422", "304", "428", "400", "200"]
    entries = answer.json()["entry"]
    assert entries[0]["resource"] == nurse.get(f"/fhir/{key}").json()
    assert entries[1]["response"]["outcome"]["issue"][0]["code"] == "not-found"
    assert entries[2]["response"]["location"].endswith("/_history/1")
    assert answer.json()["type"] == "batch-response"


def test_every_person_written_about_is_on_record(sip: Sip, nurse: httpx2.Client, person: str) -> None:
    sent(
        nurse,
        entry("POST", "Goal", goal(person)),
        entry("POST", "Organization", {"resourceType": "Organization", "name": "x"}),
    )
    with sip.client("SE-K-privacy", commissionPurpose="Loggkontroll") as officer:
        rows = officer.get("/fhir/AuditEvent", params={"patient": person, "action": "C"}).json()["entry"]
    assert len(rows) == 2  # the person registered, the goal
