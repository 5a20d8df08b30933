"""Fixed contacts in plain JSON: one of a kind at a time, changed with a reason, ended the same moment."""

import httpx2
import pytest

from tests.sip.api.conftest import Json, done, problem
from tests.sip.harness import (
    ASSISTANT_NURSE,
    DOCTOR,
    HEALTH_CENTRE,
    HOME_CARE,
    HOME_NURSING,
    NURSE,
    SECOND_DOCTOR,
    County,
)

FIRST: Json = {
    "kind": "fast-lakarkontakt",
    "employee": DOCTOR,
    "unit": HEALTH_CENTRE,
    "reason": "first",
    "from": "2026-01-15T08:00:00+01:00",
}


def test_a_change_ends_the_earlier_contact_the_same_moment(doctor: httpx2.Client, person: str) -> None:
    path = f"/api/v1/persons/{person}/contacts"
    first = done(doctor.post(path, json=FIRST), 201)
    change = FIRST | {"employee": SECOND_DOCTOR, "reason": "staff-left", "from": "2026-06-01T08:00:00+02:00"}
    second = done(doctor.post(path, json=change), 201)
    assert (second["holder"]["name"], second["reason"]) == ("Ulf Underläkare", "staff-left")

    today = done(doctor.get(path))["contacts"]
    assert [one["id"] for one in today] == [second["id"]]
    [spring] = done(doctor.get(f"{path}?as-of=2026-03-01"))["contacts"]
    assert (spring["id"], spring["status"], spring["until"]) == (first["id"], "inactive", second["from"])
    assert done(doctor.get(f"{path}?as-of=2025-12-31"))["contacts"] == []
    assert len(done(doctor.get(f"{path}?as-of=2026-06-01"))["contacts"]) == 2


def test_a_change_without_another_reason_than_first_is_refused(doctor: httpx2.Client, person: str) -> None:
    path = f"/api/v1/persons/{person}/contacts"
    done(doctor.post(path, json=FIRST), 201)

    change = {name: value for name, value in FIRST.items() if name != "from"} | {"employee": SECOND_DOCTOR}
    told = problem(doctor.post(path, json=change), 422)
    assert (told["rule"], told["where"]) == ("contact-change-reason", "/reason")
    assert [one["holder"]["employee"] for one in done(doctor.get(path))["contacts"]] == [DOCTOR]


def test_two_at_once_are_refused(doctor: httpx2.Client, person: str) -> None:
    path = f"/api/v1/persons/{person}/contacts"
    done(doctor.post(path, json=FIRST), 201)

    earlier = FIRST | {"employee": SECOND_DOCTOR, "reason": "moved", "from": "2025-06-01T08:00:00+02:00"}
    told = problem(doctor.post(path, json=earlier), 422)
    assert told["rule"] == "contact-two-at-once"
    assert told["basis"].startswith("HSL 7 kap. 3 §")


@pytest.mark.parametrize(
    ("kind", "rule"),
    [("fast-omsorgskontakt", "contact-assistant-nurse"), ("fast-lakarkontakt", "contact-doctor")],
)
def test_who_lacks_the_title_is_not_appointed(
    nurse: httpx2.Client, person: str, kind: str, rule: str
) -> None:
    new = {"kind": kind, "employee": NURSE, "unit": HOME_NURSING, "reason": "first"}

    told = problem(nurse.post(f"/api/v1/persons/{person}/contacts", json=new), 422)
    assert (told["rule"], told["where"]) == (rule, "/employee")


def test_an_assistant_nurse_may_be_the_contact_in_home_care(
    served: County, nurse: httpx2.Client, person: str
) -> None:
    new = {"kind": "fast-omsorgskontakt", "employee": ASSISTANT_NURSE, "unit": HOME_CARE, "reason": "first"}
    given = done(nurse.post(f"/api/v1/persons/{person}/contacts", json=new), 201)

    assert given["kind_text"] == "Fast omsorgskontakt i hemtjänsten"
    with served.staff(ASSISTANT_NURSE) as holder:
        assert len(done(holder.get(f"/api/v1/persons/{person}/contacts"))["contacts"]) == 1


def test_several_fixed_care_contacts_stand_side_by_side(
    nurse: httpx2.Client, doctor: httpx2.Client, person: str
) -> None:
    path = f"/api/v1/persons/{person}/contacts"
    for client, employee, unit in ((nurse, NURSE, HOME_NURSING), (doctor, DOCTOR, HEALTH_CENTRE)):
        new = {"kind": "fast-vardkontakt", "employee": employee, "unit": unit, "reason": "first"}
        done(client.post(path, json=new), 201)

    # Neither ends the other; each unit sees the one that its own staff holds.
    for client, employee in ((nurse, NURSE), (doctor, DOCTOR)):
        [seen] = done(client.get(path))["contacts"]
        assert (seen["holder"]["employee"], seen["status"]) == (employee, "active")


def test_a_contact_ends_and_the_general_practitioner_with_it(doctor: httpx2.Client, person: str) -> None:
    path = f"/api/v1/persons/{person}/contacts"
    given = done(doctor.post(path, json=FIRST), 201)
    patient = f"/fhir/Patient/{person}"
    assert done(doctor.get(patient))["generalPractitioner"]

    ended = done(doctor.post(f"/api/v1/contacts/{given['id']}/ending", json={"reason": "not-needed"}))
    assert ended["status"] == "inactive"
    assert ended["until"]
    assert "generalPractitioner" not in done(doctor.get(patient))


def test_a_contact_does_not_end_in_the_future(doctor: httpx2.Client, person: str) -> None:
    given = done(doctor.post(f"/api/v1/persons/{person}/contacts", json=FIRST), 201)

    ending = {"until": "2040-01-01T00:00:00+01:00", "reason": "other"}
    told = problem(doctor.post(f"/api/v1/contacts/{given['id']}/ending", json=ending), 422)
    assert told["rule"] == "contact-period"


def test_a_foreign_unit_can_neither_see_nor_end_a_contact(
    doctor: httpx2.Client, foreign: httpx2.Client, person: str
) -> None:
    given = done(doctor.post(f"/api/v1/persons/{person}/contacts", json=FIRST), 201)

    problem(foreign.get(f"/api/v1/persons/{person}/contacts"), 404)
    problem(foreign.post(f"/api/v1/contacts/{given['id']}/ending", json={"reason": "other"}), 404)
