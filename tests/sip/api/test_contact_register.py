"""The register in plain JSON: offered and answered, stood in for, handed over, reached, who had whom on a day."""

import httpx2
import pytest

from tests.sip.api.conftest import Json, done, problem
from tests.sip.harness import DOCTOR, HEALTH_CENTRE, HOME_NURSING, NURSE, SECOND_DOCTOR, County

OFFER: Json = {"kind": "fast-lakarkontakt", "employee": DOCTOR, "unit": HEALTH_CENTRE, "reason": "first"}
FIRST: Json = OFFER | {"from": "2026-01-15T08:00:00+01:00"}
ABSENT: Json = {"employee": SECOND_DOCTOR, "unit": HEALTH_CENTRE, "reason": "staff-absent",
                "from": "2026-03-01T08:00:00+01:00", "until": "2030-09-01T08:00:00+02:00"}  # fmt: skip


def appointed(client: httpx2.Client, person: str, **content: object) -> Json:
    return done(client.post(f"/api/v1/persons/{person}/contacts", json=FIRST | content), 201)


def test_an_offer_is_accepted_and_begins(doctor: httpx2.Client, person: str) -> None:
    offer = done(doctor.post(f"/api/v1/persons/{person}/contact-offers", json=OFFER), 201)
    assert (offer["status"], offer["state"], offer["from"]) == ("proposed", "offered", None)
    assert done(doctor.get(f"/api/v1/persons/{person}/contacts"))["contacts"] == []

    taken = done(doctor.post(f"/api/v1/contacts/{offer['id']}/answer", json={"answer": "accepted"}))

    assert (taken["status"], [one["state"] for one in taken["steps"]]) == (
        "active",
        ["offered", "accepted", "appointed"],
    )
    assert [one["id"] for one in done(doctor.get(f"/api/v1/persons/{person}/contacts"))["contacts"]] == [
        offer["id"]
    ]


def test_what_is_accepted_for_a_day_to_come_waits_for_it(doctor: httpx2.Client, person: str) -> None:
    offer = done(doctor.post(f"/api/v1/persons/{person}/contact-offers", json=OFFER), 201)
    answer = {"answer": "accepted", "from": "2040-01-01T08:00:00+01:00"}
    waiting = done(doctor.post(f"/api/v1/contacts/{offer['id']}/answer", json=answer))
    assert (waiting["status"], waiting["state"]) == ("proposed", "accepted")

    begun = done(doctor.post(f"/api/v1/contacts/{offer['id']}/appointment", json={}))
    assert (begun["status"], begun["state"]) == ("active", "appointed")


@pytest.mark.parametrize("answer", ["declined", "wanted-another"])
def test_who_declines_never_had_the_contact(doctor: httpx2.Client, person: str, answer: str) -> None:
    path = f"/api/v1/persons/{person}/contact-offers"
    offer = done(doctor.post(path, json=OFFER | {"from": "2026-12-24T08:00:00+01:00"}), 201)
    told = problem(doctor.post(f"/api/v1/contacts/{offer['id']}/answer", json={"answer": answer}), 422)
    assert told["rule"] == "contact-step-reason"

    given = {"answer": answer, "reason": "persons-wish"}
    no = done(doctor.post(f"/api/v1/contacts/{offer['id']}/answer", json=given))

    assert (no["status"], no["state"], no["from"], no["until"]) == ("inactive", answer, None, None)
    # A reader who knows nothing of our steps finds nobody who holds, or held, on any day.
    stored = done(doctor.get(f"/fhir/CareTeam/{offer['id']}"))
    assert "period" not in stored
    assert "period" not in stored["participant"][0]
    history = done(doctor.get(f"/api/v1/persons/{person}/contacts/history"))
    assert [one["state"] for one in history["contacts"]] == [answer]


def test_a_stand_in_is_there_for_a_while_and_the_contact_comes_back(
    doctor: httpx2.Client, person: str
) -> None:
    contact = appointed(doctor, person)
    there = done(doctor.post(f"/api/v1/contacts/{contact['id']}/stand-ins", json=ABSENT), 201)
    assert (there["state"], there["stands_in_for"]) == ("stand-in", contact["id"])
    assert done(doctor.get(f"/fhir/CareTeam/{contact['id']}"))["status"] == "suspended"
    patient = done(doctor.get(f"/fhir/Patient/{person}"))
    assert patient["generalPractitioner"] == [
        done(doctor.get(f"/fhir/CareTeam/{contact['id']}"))["participant"][0]["member"]
    ]

    ending = {"reason": "staff-back"}
    done(doctor.post(f"/api/v1/contacts/{there['id']}/ending", json=ending))
    assert done(doctor.get(f"/fhir/CareTeam/{contact['id']}"))["status"] == "active"


def test_a_handover_says_who_told_the_person_and_what_was_passed_on(
    doctor: httpx2.Client, person: str
) -> None:
    contact = appointed(doctor, person)
    handover = {
        "told_at": "2026-06-01T10:00:00+02:00",
        "passed_on": ["medication", "plan"],
        "text": "Ringde.",
    }
    change = {"employee": SECOND_DOCTOR, "reason": "staff-left", "from": "2026-06-02T08:00:00+02:00"}

    new = appointed(doctor, person, **change, handover=handover)

    assert new["handover"] == handover | {"told_at": "2026-06-01T08:00:00.000Z"}
    later = {"passed_on": ["risks"]}
    noted = done(doctor.put(f"/api/v1/contacts/{new['id']}/handover", json=later))
    assert noted["handover"] == {"told_at": None, "passed_on": ["risks"], "text": None}
    history = done(doctor.get(f"/api/v1/persons/{person}/contacts/history"))
    assert [(one["id"], one["end_reason"]) for one in history["contacts"]] == [
        (contact["id"], "staff-left"),
        (new["id"], None),
    ]
    assert history["gaps"] == []


def test_a_contact_is_reached_at_its_hours_or_by_its_unit(doctor: httpx2.Client, person: str) -> None:
    hours = {"days": ["mon", "thu"], "from": "08:00", "until": "16:30"}
    ways = [{"system": "phone", "value": "0321-00 00 00", "hours": [hours]}]
    contact = appointed(doctor, person, ways=ways, via_unit=HEALTH_CENTRE)
    assert (contact["ways"], contact["via"]["hsa_id"]) == (ways, HEALTH_CENTRE)

    mail = [{"system": "email", "value": "vc@example.org", "hours": []}]
    changed = done(doctor.put(f"/api/v1/contacts/{contact['id']}/ways", json={"ways": mail}))
    assert (changed["ways"], changed["via"]["hsa_id"]) == (mail, HEALTH_CENTRE)
    backwards = [{"system": "phone", "value": "1", "hours": [hours | {"from": "17:00"}]}]
    told = problem(doctor.put(f"/api/v1/contacts/{contact['id']}/ways", json={"ways": backwards}), 422)
    assert told["rule"] == "contact-hours"


def test_a_gap_is_refused_until_it_is_said_why(doctor: httpx2.Client, person: str) -> None:
    contact = appointed(doctor, person)
    ending = {"until": "2026-03-01T08:00:00+01:00", "reason": "staff-left"}
    done(doctor.post(f"/api/v1/contacts/{contact['id']}/ending", json=ending))
    path = f"/api/v1/persons/{person}/contacts"
    next_one = FIRST | {"employee": SECOND_DOCTOR, "reason": "other", "from": "2026-05-01T08:00:00+02:00"}

    told = problem(doctor.post(path, json=next_one), 422)
    assert (told["rule"], told["where"]) == ("contact-gap", "/gap_reason")
    done(doctor.post(path, json=next_one | {"gap_reason": "recruiting"}), 201)

    [gap] = done(doctor.get(f"{path}/history"))["gaps"]
    assert (gap["kind"], gap["reason"]) == ("fast-lakarkontakt", "recruiting")
    assert done(doctor.get(f"{path}?as-of=2026-04-01"))["contacts"] == []


def test_who_had_whom_at_a_unit_on_a_day(served: County, doctor: httpx2.Client, person: str) -> None:
    contact = appointed(doctor, person)
    change = {"employee": SECOND_DOCTOR, "reason": "staff-left", "from": "2026-06-02T08:00:00+02:00"}
    later = appointed(doctor, person, **change)

    def seen(client: httpx2.Client, query: str) -> list[str]:
        found: list[str] = []
        path: str | None = f"/api/v1/units/{HEALTH_CENTRE}/contacts?count=2{query}"
        while path:
            page = done(client.get(path))
            found += [one["id"] for one in page["contacts"] if one["person_id"] == person]
            path = page["next"]
        return found

    assert seen(doctor, "&as-of=2026-03-01") == [contact["id"]]
    assert seen(doctor, "&as-of=2026-07-01") == [later["id"]]
    assert seen(doctor, f"&as-of=2026-07-01&employee={DOCTOR}") == []
    assert seen(doctor, f"&as-of=2026-03-01&employee={DOCTOR}") == [contact["id"]]
    with served.staff(NURSE) as nurse:
        assert seen(nurse, "&as-of=2026-03-01") == []  # another unit sees nothing of it
    problem(doctor.get("/api/v1/units/SE0000000000-NONE/contacts"), 404)


def test_further_roles_are_appointed_as_the_data_has_them(nurse: httpx2.Client, person: str) -> None:
    path = f"/api/v1/persons/{person}/contacts"
    new = {"kind": "kontaktsjukskoterska", "employee": NURSE, "unit": HOME_NURSING, "reason": "first"}

    assert done(nurse.post(path, json=new), 201)["kind_text"] == "Kontaktsjuksköterska"
    told = problem(nurse.post(path, json=new | {"kind": "vip"}), 400)
    assert told["where"] == "/kind"
    assert "kontaktsjukskoterska" in told["detail"]


def test_what_is_no_contact_is_not_changed_as_one(nurse: httpx2.Client, person: str) -> None:
    team = {"resourceType": "CareTeam", "status": "active", "subject": {"reference": f"Patient/{person}"}}
    other = done(nurse.post("/fhir/CareTeam", json=team), 201)["id"]

    problem(nurse.post(f"/api/v1/contacts/{other}/ending", json={"reason": "other"}), 404)
    problem(nurse.post(f"/api/v1/contacts/{other}/stand-ins", json=ABSENT), 404)


def test_through_fhir_the_same_rules_hold(doctor: httpx2.Client, person: str) -> None:
    contact = appointed(doctor, person)
    answer = doctor.get(f"/fhir/CareTeam/{contact['id']}")
    headers = {"If-Match": answer.headers["etag"], "Content-Type": "application/fhir+json"}
    over = answer.json() | {"status": "inactive", "period": {"start": "2026-01-15", "end": "2026-03-01"}}
    resting = answer.json() | {"status": "suspended"}

    def refused(body: Json) -> set[str]:
        told = doctor.put(f"/fhir/CareTeam/{contact['id']}", json=body, headers=headers)
        assert told.status_code == 422, told.text
        return {
            one["details"]["coding"][0]["code"] for one in told.json()["issue"] if "coding" in one["details"]
        }

    assert "contact-end-reason" in refused(over)
    assert refused(resting) == {"contact-suspended"}
    forgotten = {name: value for name, value in answer.json().items() if name != "extension"}
    assert refused(forgotten) == {"contact-steps-kept"}
