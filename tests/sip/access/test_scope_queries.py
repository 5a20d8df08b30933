"""A scope with a query grants what the query finds, on every way in: to read by, to count by, and to write by."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.sip.harness import HOME_NURSING, NURSE, County, county, patient

Json = dict[str, Any]
SIP = "category=https://fhir.inera.se/CodeSystem/typeofcareplan-cs|SIP"
SPU = "category=https://fhir.inera.se/CodeSystem/typeofcareplan-cs|SPU"
REST = (
    "system/Goal.cruds system/Condition.cruds system/Patient.cruds system/Task.cruds system/Organization.rs"
)


@pytest.fixture(scope="module")
def served(mongo_url: str) -> Iterator[County]:
    with county(mongo_url) as running:
        yield running


class Made:
    """One person with a plan within the scope and one outside it, all written by the nurse's unit."""

    def __init__(self, nurse: httpx2.Client, number: str) -> None:
        self.person = f"Patient/{nurse.post('/fhir/Patient', json=patient(number)).json()['id']}"
        self.inside, self.outside = (self._plan(nurse, code) for code in ("SIP", "SPU"))
        self.tasks = [self._task(nurse, plan) for plan in (self.inside, self.outside)]

    def plan(self, code: str) -> Json:
        coding = {"system": "https://fhir.inera.se/CodeSystem/typeofcareplan-cs", "code": code}
        about = {"resourceType": "CarePlan", "status": "draft", "intent": "plan"}
        return {**about, "subject": {"reference": self.person}, "category": [{"coding": [coding]}]}

    def _plan(self, nurse: httpx2.Client, code: str) -> str:
        return f"CarePlan/{created(nurse.post('/fhir/CarePlan', json=self.plan(code)))['id']}"

    def _task(self, nurse: httpx2.Client, plan: str) -> str:
        task = {
            "resourceType": "Task", "status": "requested", "intent": "plan", "for": {"reference": self.person},
            "basedOn": [{"reference": plan}],
        }  # fmt: skip
        return f"Task/{created(nurse.post('/fhir/Task', json=task))['id']}"


def created(answer: httpx2.Response) -> Json:
    assert answer.status_code == 201, answer.text
    made: Json = answer.json()
    return made


@pytest.fixture
def made(served: County) -> Made:
    with served.staff(NURSE) as nurse:
        return Made(nurse, next(served.numbers))


@pytest.fixture
def narrow(served: County) -> Iterator[httpx2.Client]:
    with served.staff(NURSE, scope=f"{REST} system/CarePlan.cruds?{SIP}") as client:
        yield client


def keys(client: httpx2.Client, query: str) -> set[str]:
    answer = client.get(f"/fhir/{query}")
    assert answer.status_code == 200, answer.text
    resources = [one["resource"] for one in answer.json().get("entry", [])]
    return {f"{one['resourceType']}/{one['id']}" for one in resources}


def test_what_the_query_does_not_find_is_read_as_if_it_were_not_there(
    narrow: httpx2.Client, made: Made
) -> None:
    assert narrow.get(f"/fhir/{made.inside}").status_code == 200
    absent = narrow.get(f"/fhir/CarePlan/{'0' * 36}")
    for path in (made.outside, f"{made.outside}/_history", f"{made.outside}/_history/1"):
        answer = narrow.get(f"/fhir/{path}")
        assert answer.status_code == 404, path
        assert set(answer.json()) == set(absent.json())


def test_every_search_stays_within_it(narrow: httpx2.Client, made: Made) -> None:
    assert keys(narrow, f"CarePlan?patient={made.person}") == {made.inside}
    counted = narrow.get(f"/fhir/CarePlan?patient={made.person}&_summary=count").json()
    assert counted["total"] == 1
    assert keys(narrow, f"CarePlan?_id={made.outside.partition('/')[2]}") == set()
    assert keys(narrow, f"CarePlan?patient={made.person}&{SPU}") == set()
    assert keys(narrow, f"CarePlan?patient={made.person}&category:not=nothing") == {made.inside}


def test_so_do_includes_chains_and_reverse_chains(narrow: httpx2.Client, made: Made) -> None:
    about = f"patient={made.person}"
    assert keys(narrow, f"Task?{about}&_include=Task:based-on") == {*made.tasks, made.inside}
    assert keys(narrow, f"Task?{about}&based-on:CarePlan.status=draft") == {made.tasks[0]}
    assert keys(narrow, f"Patient?_id={made.person.partition('/')[2]}&_has:CarePlan:patient:{SPU}") == set()
    assert made.outside not in keys(narrow, f"{made.person}/$everything")
    assert made.outside not in keys(narrow, "CarePlan/_history") | keys(narrow, "_history")


def test_conditional_writes_find_within_it_alone(served: County, narrow: httpx2.Client, made: Made) -> None:
    criteria = f"_id={made.outside.partition('/')[2]}"
    found = narrow.post("/fhir/CarePlan", json=made.plan("SIP"), headers={"If-None-Exist": criteria})
    assert found.status_code == 201, found.text
    gone = narrow.delete(f"/fhir/CarePlan?{criteria}")
    assert gone.status_code == 200
    with served.staff(NURSE) as nurse:
        assert nurse.get(f"/fhir/{made.outside}").status_code == 200
    with_reference = {
        "resourceType": "Task", "status": "requested", "intent": "plan", "for": {"reference": made.person},
        "basedOn": [{"reference": made.outside}],
    }  # fmt: skip
    assert narrow.post("/fhir/Task", json=with_reference).status_code == 422


def test_what_is_written_is_within_it_before_and_after(narrow: httpx2.Client, made: Made) -> None:
    assert narrow.post("/fhir/CarePlan", json=made.plan("SIP")).status_code == 201
    outside = narrow.post("/fhir/CarePlan", json=made.plan("SPU"))
    assert outside.status_code == 403
    assert "for some alone" in outside.text
    for key, code, status in (
        (made.inside, "SPU", 403),
        (made.outside, "SIP", 404),
        (made.inside, "SIP", 200),
    ):
        changed = {**made.plan(code), "id": key.partition("/")[2]}
        answer = narrow.put(f"/fhir/{key}", json=changed, headers={"If-Match": 'W/"1"'})
        assert answer.status_code == status, answer.text
    deleted = narrow.delete(f"/fhir/{made.outside}", headers={"If-Match": 'W/"1"'})
    assert deleted.status_code == 404
    patch = [{"op": "replace", "path": "/status", "value": "revoked"}]
    headers = {"If-Match": 'W/"1"', "Content-Type": "application/json-patch+json"}
    assert narrow.patch(f"/fhir/{made.outside}", json=patch, headers=headers).status_code == 404


def test_a_version_that_was_outside_is_not_shown_with_the_history(served: County, made: Made) -> None:
    with served.staff(NURSE) as nurse:
        ended = {**made.plan("SIP"), "id": made.inside.partition("/")[2], "description": "Ändrad"}
        assert nurse.put(f"/fhir/{made.inside}", json=ended, headers={"If-Match": 'W/"1"'}).status_code == 200
        goal = {"resourceType": "Goal", "lifecycleStatus": "proposed", "description": {"text": "Gå"},
                "subject": {"reference": made.person}}  # fmt: skip
        key = f"Goal/{created(nurse.post('/fhir/Goal', json=goal))['id']}"
        later = {**goal, "id": key.partition("/")[2], "lifecycleStatus": "accepted"}
        assert nurse.put(f"/fhir/{key}", json=later, headers={"If-Match": 'W/"1"'}).status_code == 200
    with served.staff(NURSE, scope="system/Goal.rs?lifecycle-status=accepted") as client:
        versions = client.get(f"/fhir/{key}/_history").json()
        assert [one["resource"]["meta"]["versionId"] for one in versions["entry"]] == ["2"]
        assert "total" not in versions
        assert client.get(f"/fhir/{key}/_history/1").status_code == 404
        assert client.get(f"/fhir/{key}/_history/2").status_code == 200


def test_several_such_scopes_add_up_and_a_whole_one_covers_all(served: County, made: Made) -> None:
    both = f"system/CarePlan.rs?{SIP} system/CarePlan.rs?{SPU}"
    for scope in (both, f"system/CarePlan.rs?{SIP} user/CarePlan.rs", f"system/CarePlan.rs?{SIP},{SPU[9:]}"):
        with served.staff(NURSE, scope=scope) as client:
            assert keys(client, f"CarePlan?patient={made.person}") == {made.inside, made.outside}, scope


@pytest.mark.parametrize(
    "query",
    ["banana=1", "category", "subject:Patient.name=a", "_has:Task:based-on:status=draft", "_count=1", "="],
)
def test_a_query_that_cannot_be_read_or_held_to_grants_nothing(
    served: County, made: Made, query: str
) -> None:
    with served.staff(NURSE, scope=f"system/CarePlan.cruds?{query}") as client:
        assert keys(client, f"CarePlan?patient={made.person}") == set()
        assert client.get(f"/fhir/{made.inside}").status_code == 404
        assert client.post("/fhir/CarePlan", json=made.plan("SIP")).status_code == 403


def test_plain_json_stays_within_it_too(served: County, made: Made) -> None:
    scope = f"system/*.cruds?_lastUpdated=gt2001-01-01 system/CarePlan.rs?{SIP}"
    with served.staff(NURSE, scope=scope) as client:
        assert client.get(f"/api/v1/plans/{made.inside.partition('/')[2]}").status_code == 200
    with served.staff(NURSE, scope=f"user/*.cud user/Patient.rs user/CarePlan.rs?{SPU} {REST}") as client:
        plans = client.get("/api/v1/plans").json()["plans"]
        assert made.inside.partition("/")[2] not in {one["id"] for one in plans}
        assert client.get(f"/api/v1/plans/{made.inside.partition('/')[2]}").status_code in {403, 404}


def test_the_resident_is_held_to_such_a_scope_too(served: County, made: Made) -> None:
    number = made.person.partition("/")[2]
    with served.client(sub=number, patient=number, scope=f"patient/CarePlan.rs?{SIP}") as resident:
        assert keys(resident, "CarePlan") == {made.inside}
        assert resident.get(f"/fhir/{made.outside}").status_code == 404


def test_everything_of_a_plan_brings_no_directory_row_that_the_scope_leaves_out(
    served: County, made: Made
) -> None:
    scope = "user/CarePlan.rs user/Patient.rs user/Organization.rs"
    with served.staff(NURSE) as nurse:
        [unit] = keys(nurse, f"Organization?identifier={HOME_NURSING}")
        plan = {**made.plan("SIP"), "contributor": [{"reference": unit}]}
        key = f"CarePlan/{created(nurse.post('/fhir/CarePlan', json=plan))['id']}"
    with served.staff(NURSE, scope=scope) as wide:
        assert unit in keys(wide, f"{key}/$everything")
    with served.staff(NURSE, scope=f"{scope}?identifier=nobody") as narrowed:
        found = keys(narrowed, f"{key}/$everything")
    assert {key, made.person} <= found
    assert not any(one.startswith("Organization/") for one in found)
