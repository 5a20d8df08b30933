"""A token reaches what its scopes grant and no further, on the ways in that are not FHIR's own."""

from typing import Any

import httpx2
import pytest

from services.sip.domain import codes
from tests.sip.api.conftest import Json, done, problem
from tests.sip.api.test_blocks import block
from tests.sip.api.test_emergency import a_need, lifted, opened
from tests.sip.api.test_figures import LIST
from tests.sip.harness import (
    DOCTOR,
    HEALTH_CENTRE,
    OTHER_DOCTOR,
    OTHER_REGION,
    REGION,
    SECOND_DOCTOR,
    County,
)

ELSEWHERE = "user/Task.rs"


def officer(served: County, scope: str) -> httpx2.Client:
    return served.client(
        sub="officer", employeeHsaId=f"{REGION}-1P99", healthcareUnitHsaId=HEALTH_CENTRE,
        healthcareProviderHsaId=REGION, commissionPurpose="Loggkontroll", scope=scope,
    )  # fmt: skip


def last_refusal(served: County, giver: str) -> Json:
    with served.privacy_officer(giver) as control:
        newest = control.get("/fhir/AuditEvent", params={"outcome": "4"}).json()
    told: Json = newest["entry"][0]["resource"]
    return told


@pytest.mark.parametrize(
    "claims",
    [
        {"scope": ELSEWHERE},
        {"scope": "user/Patient.cud"},
        {"scope": "patient/*.rs"},
        {"scope": ""},
        {"employeeHsaId": None},
    ],
)
def test_who_may_not_read_or_is_nobody_opens_nothing_in_an_emergency(
    served: County, nurse: httpx2.Client, person: str, claims: dict[str, Any]
) -> None:
    need = a_need(nurse, person)
    with served.staff(OTHER_DOCTOR, **claims) as client:
        problem(opened(client, person), 403)
    assert last_refusal(served, OTHER_REGION)["entity"][0]["what"]["reference"] == f"Patient/{person}"
    with served.staff(OTHER_DOCTOR) as client:
        assert client.get(need).status_code == 404


@pytest.mark.parametrize("claims", [{"scope": ELSEWHERE}, {"scope": "user/*.rs"}, {"employeeHsaId": None}])
def test_who_may_not_change_consents_or_is_nobody_lifts_no_block(
    served: County, doctor: httpx2.Client, foreign: httpx2.Client, person: str, claims: dict[str, Any]
) -> None:
    need = a_need(doctor, person)
    shut = block(person, policy=[{"uri": codes.LAW_SHARED_RECORD_OBJECTION}])
    done(doctor.post("/fhir/Consent", json=shut), 201)
    emergency = done(opened(foreign, person))["id"]
    with served.staff(DOCTOR, **claims) as client:
        problem(lifted(client, person, emergency), 403)
    assert foreign.get(need).status_code == 404
    done(lifted(doctor, person, emergency))
    assert foreign.get(need).status_code == 200


def test_who_guesses_at_an_emergency_leaves_nothing_behind(
    served: County, foreign: httpx2.Client, person: str
) -> None:
    before = served.stored("persons")
    for whom in (person, "nobody-at-all"):
        problem(lifted(foreign, whom, "6566f0f0f0f0f0f0f0f0f0f0"), 404)
    assert served.stored("persons") == before


@pytest.mark.parametrize("scope", [ELSEWHERE, "user/AuditEvent.rs?action=C"])
def test_the_log_and_its_samples_are_for_who_may_read_all_of_it(served: County, scope: str) -> None:
    with served.privacy_officer(REGION) as control:
        entry = control.get("/fhir/AuditEvent").json()["entry"][0]["resource"]["id"]
    with officer(served, scope) as narrow:
        for path in ("/api/v1/audit/samples", "/fhir/AuditEvent", f"/fhir/AuditEvent/{entry}"):
            assert narrow.get(path).status_code == 403, path
        drawn = {"from": "2020-01-01T00:00:00Z", "until": "2020-02-01T00:00:00Z"}
        problem(narrow.post("/api/v1/audit/samples", json=drawn), 403)


def test_a_handover_is_begun_and_followed_by_who_may_read_contacts(
    served: County, doctor: httpx2.Client
) -> None:
    moving = {
        "from_employee": DOCTOR,
        "from_unit": HEALTH_CENTRE,
        "to": [{"employee": SECOND_DOCTOR, "unit": HEALTH_CENTRE}],
        "reason": "staff-left",
    }
    begun = doctor.post("/api/v1/handovers", json=moving)
    assert begun.status_code == 202
    with served.staff(DOCTOR, scope=ELSEWHERE) as narrow:
        problem(narrow.get(begun.headers["Location"]), 403)
    with served.staff(DOCTOR, scope="user/CareTeam.cs") as writing:
        before = served.stored("handovers")
        problem(writing.post("/api/v1/handovers", json=moving), 403)
    assert served.stored("handovers") == before
    with served.staff(OTHER_DOCTOR) as foreign:
        absent, hidden = (
            problem(foreign.get(f"/api/v1/handovers/{one}"), 404) for one in ("0" * 36, begun.json()["id"])
        )
    assert absent.keys() == hidden.keys()
    assert last_refusal(served, OTHER_REGION)["outcomeDesc"] == "no handover of the unit"


@pytest.mark.parametrize("scope", ["patient/*.rs", "system/MeasureReport.rs?measure=sip-plans"])
def test_exact_figures_are_for_who_may_read_all_of_them(served: County, person: str, scope: str) -> None:
    """They hold groups of one; a resident's scopes are for the resident's own."""
    with served.client(sub="somebody", patient=person, scope=scope) as client:
        problem(client.get("/api/v1/indicators"), 403)
        problem(client.post("/api/v1/list-load/simulations", json={**LIST, "change": {}}), 403)


def test_nobody_blocks_what_another_care_giver_wrote(
    nurse: httpx2.Client, foreign: httpx2.Client, doctor: httpx2.Client, person: str
) -> None:
    need = a_need(nurse, person)
    done(opened(doctor, person))
    for hsa_id in (HEALTH_CENTRE, REGION):
        found = nurse.get("/fhir/Organization", params={"identifier": hsa_id}).json()["entry"]
        about = {"reference": f"Organization/{found[0]['resource']['id']}"}
        answer = foreign.post("/fhir/Consent", json=block(person, organization=[about]))
        assert answer.status_code == 422, answer.text
        assert "consent-block-of-another" in answer.text
    assert doctor.get(need).status_code == 200
