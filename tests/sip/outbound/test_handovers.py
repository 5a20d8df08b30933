"""Somebody leaves: one call moves all of their contacts, each with history, reason and event; whatever is killed."""

import signal
from collections.abc import Iterator
from typing import Any

import httpx2
import orjson
import pytest
from pymongo import MongoClient

from tests.sip.harness import (
    DOCTOR,
    HEALTH_CENTRE,
    NURSE,
    OTHER_CENTRE,
    OTHER_DOCTOR,
    SECOND_DOCTOR,
    County,
    county,
)
from tests.sip.outbound.handing import (
    LEAVING,
    TO_SECOND,
    done,
    listed,
    progress,
    relay_process,
    relaying,
    until,
)


@pytest.fixture
def served(mongo_url: str) -> Iterator[County]:
    with county(mongo_url) as running:
        yield running


@pytest.fixture
def doctor(served: County) -> Iterator[httpx2.Client]:
    with served.staff(DOCTOR) as client:
        yield client


def begun(client: httpx2.Client, key: str = "", **content: Any) -> str:
    headers = {"Idempotency-Key": key} if key else {}
    answer = client.post("/api/v1/handovers", json={**LEAVING, **TO_SECOND, **content}, headers=headers)
    assert answer.status_code == 202, answer.text
    return str(answer.headers["location"])


def records(served: County, **wanted: Any) -> list[dict[str, Any]]:
    with MongoClient[dict[str, Any]](served.mongo_url) as mongo:
        return list(mongo[served.database].records.find(wanted))


def test_every_person_is_moved_with_history_reason_and_event(served: County, doctor: httpx2.Client) -> None:
    contacts = listed(doctor, 6)
    told = {"told_at": "2026-05-20T10:00:00+02:00", "passed_on": ["medication"]}

    location = begun(doctor, handover=told, **{"from": "2026-06-01T08:00:00+02:00"})
    assert progress(doctor, location)["waiting"] == 6
    with relaying(served):
        after = until(doctor, location, done)

    assert (after["moved"], after["refused"]) == (6, 0)
    for person, earlier in contacts.items():
        history = doctor.get(f"/api/v1/persons/{person}/contacts/history").json()
        old, new = history["contacts"]
        assert (old["id"], old["end_reason"], old["until"]) == (earlier, "staff-left", new["from"])
        assert (new["holder"]["employee"], new["reason"], new["follows"]) == (
            SECOND_DOCTOR,
            "staff-left",
            earlier,
        )
        assert (new["handover"]["passed_on"], history["gaps"]) == (["medication"], [])
        assert doctor.get(f"/fhir/Patient/{person}").json()["generalPractitioner"]
        [stored] = records(served, key=f"CareTeam/{new['id']}")
        assert [one["type"] for one in stored["events"]] == ["contact.changed"]
        assert stored["by"]["employee"] == DOCTOR
    assert "relay" not in str(records(served, type="CareTeam"))


def test_who_cannot_be_moved_stays_and_is_named_with_the_reason(
    served: County, doctor: httpx2.Client
) -> None:
    kept, moved = listed(doctor, 2).items()
    absent = {"employee": SECOND_DOCTOR, "unit": HEALTH_CENTRE, "reason": "staff-absent"}
    # One is too new: her contact began after the day of the handover.
    ending = {"until": "2026-05-01T08:00:00+02:00", "reason": "persons-wish"}
    ended = doctor.post(f"/api/v1/contacts/{kept[1]}/ending", json=ending)
    assert ended.status_code == 200, ended.text
    late = {"kind": "fast-lakarkontakt", "employee": DOCTOR, "unit": HEALTH_CENTRE, "reason": "persons-wish",
            "from": "2026-07-01T08:00:00+02:00", "gap_reason": "persons-wish"}  # fmt: skip
    newer = doctor.post(f"/api/v1/persons/{kept[0]}/contacts", json=late).json()["id"]
    absent |= {"from": "2026-03-01T08:00:00+01:00", "until": "2030-01-01T08:00:00+01:00"}
    resting = doctor.post(f"/api/v1/contacts/{moved[1]}/stand-ins", json=absent)
    assert resting.status_code == 201, resting.text

    location = begun(doctor, **{"from": "2026-06-01T08:00:00+02:00"})
    with relaying(served):
        after = until(doctor, location, done)

    assert (after["moved"], after["refused"]) == (1, 1)
    [refusal] = after["refusals"]
    assert (refusal["contact_id"], refusal["person_id"], refusal["rule"]) == (
        newer,
        kept[0],
        "contact-two-at-once",
    )
    assert doctor.get(f"/fhir/CareTeam/{newer}").json()["status"] == "active"
    assert doctor.get(f"/fhir/CareTeam/{resting.json()['id']}").json()["status"] == "inactive"


def test_several_take_over_by_share_and_by_name(served: County, doctor: httpx2.Client) -> None:
    contacts = listed(doctor, 5)
    named = next(iter(contacts))
    to = [
        {"employee": SECOND_DOCTOR, "unit": HEALTH_CENTRE, "share": 1},
        {"employee": OTHER_DOCTOR, "unit": OTHER_CENTRE, "share": 0, "persons": [named]},
    ]

    location = begun(doctor, to=to)
    with relaying(served):
        assert until(doctor, location, done)["moved"] == 5

    holders = {}
    for person in contacts:
        new = doctor.get(f"/api/v1/persons/{person}/contacts/history").json()["contacts"][-1]
        holders[person] = new["holder"]["employee"]
    assert holders == dict.fromkeys(contacts, SECOND_DOCTOR) | {named: OTHER_DOCTOR}


def test_the_same_request_again_is_the_same_handover(served: County, doctor: httpx2.Client) -> None:
    listed(doctor, 2)

    first = begun(doctor, key="leaving")
    with relaying(served):
        until(doctor, first, done)

    assert begun(doctor, key="leaving") == first
    other = {**LEAVING, **TO_SECOND, "reason": "other"}
    answer = doctor.post("/api/v1/handovers", json=other, headers={"Idempotency-Key": "leaving"})
    assert answer.json()["rule"] == "idempotency-key-reused"
    assert len(records(served, type="CareTeam", version=1)) == 4


def test_only_the_unit_that_asked_follows_it_and_only_what_it_may_see_is_moved(
    served: County, doctor: httpx2.Client
) -> None:
    listed(doctor, 1)
    location = begun(doctor)

    for employee in (NURSE, OTHER_DOCTOR):
        with served.staff(employee) as stranger:
            assert stranger.get(location).status_code == 404
            assert progress(stranger, begun(stranger))["total"] == 0
    with served.resident("nobody") as resident:
        assert resident.post("/api/v1/handovers", json={**LEAVING, **TO_SECOND}).status_code == 403


@pytest.mark.parametrize(
    ("content", "status"),
    [
        ({"from": "2040-01-01T00:00:00+01:00"}, 400),
        ({"from_employee": "SE9999990001-NONE"}, 400),
        ({"to": []}, 400),
        ({"to": [{"employee": DOCTOR, "unit": OTHER_CENTRE}]}, 422),
    ],
)
def test_a_handover_that_cannot_be_is_refused_and_nothing_is_begun(
    served: County, doctor: httpx2.Client, content: dict[str, Any], status: int
) -> None:
    answer = doctor.post("/api/v1/handovers", json={**LEAVING, **TO_SECOND, **content})

    assert answer.status_code == status, answer.text
    assert served.stored("handovers") == 0


def test_killed_in_the_middle_others_go_on_and_nobody_is_moved_twice(
    served: County, doctor: httpx2.Client
) -> None:
    contacts = listed(doctor, 30)
    location = begun(doctor)
    with relay_process(served) as first:
        until(doctor, location, lambda told: told["moved"] > 0)
        first.send_signal(signal.SIGKILL)
        first.wait()
    with relay_process(served), relay_process(served):
        after = until(doctor, location, done)

    assert (after["moved"], after["refused"]) == (30, 0)
    created = records(served, type="CareTeam", version=1)
    assert len(created) == 60
    statuses = [(one["status"], one["id"] in contacts.values()) for one in _bodies(served)]
    assert sorted(statuses) == [("active", False)] * 30 + [("inactive", True)] * 30


def test_a_move_that_was_made_and_not_noted_is_not_made_again(served: County, doctor: httpx2.Client) -> None:
    listed(doctor, 1)
    location = begun(doctor)
    with relaying(served):
        until(doctor, location, done)
    with MongoClient[dict[str, Any]](served.mongo_url) as mongo:
        mongo[served.database].handover_moves.update_many({}, {"$set": {"state": "waiting"}})
        mongo[served.database].handovers.update_many({}, {"$set": {"ended": None}})
    before = served.stored()

    with relaying(served):
        after = until(doctor, location, done)

    assert (after["moved"], after["refused"], served.stored()) == (1, 0, before)


def _bodies(served: County) -> list[dict[str, Any]]:
    return [orjson.loads(one["body"]) for one in records(served, type="CareTeam", current=True)]
