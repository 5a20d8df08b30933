"""What the service makes itself is read and searched like everything else."""

from datetime import UTC, datetime

import httpx2

from services.sip.domain.search_query import Cursor
from services.sip.use_cases.page_tokens import page_token
from tests.sip.fhir.conftest import Sip, goal

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LOG = {"commissionPurpose": "Loggkontroll"}


def test_a_measure_is_found_by_its_url_and_read(nurse: httpx2.Client) -> None:
    url = "https://samplan.example/fhir/Measure/continuity-coc"
    [entry] = nurse.get("/fhir/Measure", params={"url": url}).json()["entry"]
    read = nurse.get(f"/fhir/Measure/{entry['resource']['id']}")
    assert read.status_code == 200
    assert read.json()["url"] == url


def test_the_privacy_officer_reads_what_the_own_care_giver_did(
    sip: Sip, nurse: httpx2.Client, person: str
) -> None:
    made = nurse.post("/fhir/Goal", json=goal(person)).json()
    nurse.get(f"/fhir/Goal/{made['id']}")
    with sip.client("SE-K-privacy", **LOG) as officer:
        found = officer.get("/fhir/AuditEvent", params={"patient": person}).json()["entry"]
        [look] = [one["resource"] for one in found if one["resource"]["action"] == "R"]
        assert {"what": {"reference": f"Goal/{made['id']}"}} in look["entity"]
        assert officer.get(f"/fhir/AuditEvent/{look['id']}").json() == look
    with sip.client("SE-R-privacy", **LOG) as other:
        assert other.get("/fhir/AuditEvent", params={"patient": person}).json().get("entry", []) == []
        assert other.get(f"/fhir/AuditEvent/{look['id']}").status_code == 404


def test_the_person_reads_the_log_about_themselves_and_nobody_elses(
    sip: Sip, nurse: httpx2.Client, person: str
) -> None:
    nurse.post("/fhir/Goal", json=goal(person))
    claims = {"employeeHsaId": None, "healthcareProviderHsaId": None, "scope": "patient/*.rs"}
    with sip.client(None, patient=person.partition("/")[2], **claims) as resident:
        entries = resident.get("/fhir/AuditEvent").json()["entry"]
    assert entries
    persons = {one["resource"]["entity"][0]["what"]["reference"] for one in entries}
    assert persons == {person}


def test_others_do_not_read_the_log(nurse: httpx2.Client, person: str) -> None:
    assert nurse.get("/fhir/AuditEvent").status_code == 403
    assert nurse.get("/fhir/AuditEvent/" + "0" * 24).status_code == 404
    assert nurse.get("/fhir/AuditEvent/banana").status_code == 404


def test_a_page_of_the_log_that_was_never_given_is_empty(sip: Sip) -> None:
    with sip.client("SE-K-privacy", **LOG) as officer:
        token = page_token(Cursor(NOW, (NOW,), "AuditEvent/banana"))
        assert officer.get(f"/fhir/AuditEvent?_page={token}").status_code == 200
