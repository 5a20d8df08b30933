"""The work list in plain JSON: an entry with reason and date, for the unit whose contact it is, taken and closed."""

import httpx2
from pymongo import MongoClient

from tests.sip.api.conftest import Json, done, problem
from tests.sip.harness import ASSISTANT_NURSE, DOCTOR, HEALTH_CENTRE, HOME_CARE, NURSE, SECOND_DOCTOR, County

FIRST: Json = {"kind": "fast-lakarkontakt", "employee": DOCTOR, "unit": HEALTH_CENTRE, "reason": "first",
               "from": "2026-01-15T08:00:00+01:00"}  # fmt: skip
LEFT: Json = {"until": "2026-06-01T08:00:00+02:00", "reason": "staff-left"}


def listed(client: httpx2.Client, person: str, status: str = "open") -> list[Json]:
    path: str | None = f"/api/v1/worklist?status={status}&count=200"
    found: list[Json] = []
    while path:
        page = done(client.get(path))
        found += [one for one in page["entries"] if one["person_id"] == person]
        path = page["next"]
    return found


def left_without(client: httpx2.Client, person: str, first: Json = FIRST) -> Json:
    contact = done(client.post(f"/api/v1/persons/{person}/contacts", json=first), 201)
    done(client.post(f"/api/v1/contacts/{contact['id']}/ending", json=LEFT))
    return contact


def test_a_person_left_without_contact_is_on_the_list_until_somebody_has_seen_to_it(
    doctor: httpx2.Client, person: str
) -> None:
    contact = left_without(doctor, person)

    [entry] = listed(doctor, person)
    assert (entry["reason"], entry["since"], entry["state"]) == (
        "no-successor",
        "2026-06-01T06:00:00.000Z",
        "open",
    )
    assert (entry["contact_id"], entry["unit"]["hsa_id"]) == (contact["id"], HEALTH_CENTRE)

    taken = done(doctor.post(f"/api/v1/worklist/{entry['id']}/taking", json={"note": "Jag ringer."}))
    assert taken["state"] == "taken"
    assert [one["id"] for one in listed(doctor, person)] == [entry["id"]]
    closed = done(doctor.post(f"/api/v1/worklist/{entry['id']}/closing", json={"note": "Listad hos annan."}))
    assert (closed["state"], [one["text"] for one in closed["notes"]]) == (
        "closed",
        ["Jag ringer.", "Listad hos annan."],
    )
    assert listed(doctor, person) == []
    assert [one["id"] for one in listed(doctor, person, "closed")] == [entry["id"]]
    problem(doctor.post(f"/api/v1/worklist/{entry['id']}/taking", json={}), 422)


def test_a_successor_takes_the_person_off_the_list(doctor: httpx2.Client, person: str) -> None:
    left_without(doctor, person)
    change = FIRST | {"employee": SECOND_DOCTOR, "reason": "staff-left", "from": "2026-06-01T08:00:00+02:00"}
    done(doctor.post(f"/api/v1/persons/{person}/contacts", json=change), 201)

    assert listed(doctor, person) == []


def test_the_unit_itself_is_told_with_ids_alone(served: County, doctor: httpx2.Client, person: str) -> None:
    left_without(doctor, person)
    [entry] = listed(doctor, person)

    with MongoClient[Json](served.mongo_url) as mongo:
        stored = mongo[served.database].records.find_one({"key": f"Task/{entry['id']}"}) or {}
    assert stored["events"] == [{"type": "attention.raised", "parties": [HEALTH_CENTRE]}]


def test_nobody_else_sees_an_entry(
    served: County, doctor: httpx2.Client, foreign: httpx2.Client, person: str
) -> None:
    left_without(doctor, person)
    [entry] = listed(doctor, person)

    assert listed(foreign, person) == []
    problem(foreign.post(f"/api/v1/worklist/{entry['id']}/closing", json={"note": "x"}), 404)
    with served.staff(NURSE) as nurse:
        assert listed(nurse, person) == []
        problem(nurse.post(f"/api/v1/worklist/{entry['id']}/closing", json={"note": "x"}), 404)


def test_home_care_has_its_own_list_though_another_unit_ended_the_contact(
    served: County, nurse: httpx2.Client, person: str
) -> None:
    new = FIRST | {"kind": "fast-omsorgskontakt", "employee": ASSISTANT_NURSE, "unit": HOME_CARE}
    left_without(nurse, person, new)

    with served.staff(ASSISTANT_NURSE) as home_care:
        [entry] = listed(home_care, person)
        assert entry["unit"]["hsa_id"] == HOME_CARE
        done(home_care.post(f"/api/v1/worklist/{entry['id']}/taking", json={}))


def test_another_task_is_no_entry(nurse: httpx2.Client, person: str) -> None:
    other = done(nurse.post("/fhir/Task", json={"resourceType": "Task", "status": "requested", "intent": "plan",
                                                 "for": {"reference": f"Patient/{person}"}}), 201)  # fmt: skip

    problem(nurse.post(f"/api/v1/worklist/{other['id']}/closing", json={"note": "x"}), 404)


def test_frailty_is_flagged_and_unflagged(nurse: httpx2.Client, person: str) -> None:
    path = f"/api/v1/persons/{person}/frailty"
    done(nurse.post(f"/api/v1/persons/{person}/needs", json={"text": "Behov"}), 201)

    assert done(nurse.put(path, json={"frail": False})) == {"frail": False, "since": None}
    assert done(nurse.put(path, json={"frail": True}))["since"]
    assert done(nurse.put(path, json={"frail": True}))["frail"]
    assert done(nurse.put(path, json={"frail": False}))["frail"] is False
    assert (
        len(
            [
                one
                for one in done(nurse.get(f"/api/v1/persons/{person}/needs"))["needs"]
                if one["text"] == "Skör"
            ]
        )
        == 1
    )
