"""Consent in plain JSON: to whom, until when, and what its withdrawal takes away that second."""

import httpx2
import pytest

from tests.sip.api.conftest import Json, PlanAtHand, done, problem
from tests.sip.harness import HEALTH_CENTRE, HOME_NURSING, REGION, County

UNTIL = {"until": "2030-12-31", "form": "oral"}


def consents(nurse: httpx2.Client, plan: PlanAtHand) -> list[Json]:
    listed: list[Json] = done(nurse.get(f"/api/v1/persons/{plan.now['person_id']}/consents"))["consents"]
    return listed


def test_a_consent_tells_whom_it_is_for_and_until_when(nurse: httpx2.Client, draft: PlanAtHand) -> None:
    [given] = consents(nurse, draft)

    assert given["in_force"]
    assert {one["hsa_id"] for one in given["units"]} == {HEALTH_CENTRE, HOME_NURSING}
    assert (given["form"], given["until"], given["all_parties"]) == ("oral", "2030-12-31", False)
    assert given["laws"] == ["hsl-16-4", "sol-10-8"]


def test_a_withdrawal_takes_the_plan_from_the_other_side_and_lets_it_rest(
    nurse: httpx2.Client, doctor: httpx2.Client, complete: PlanAtHand
) -> None:
    complete.change("POST", "activation")
    done(doctor.get(complete.path))

    [given] = consents(nurse, complete)
    ended = done(nurse.post(f"/api/v1/consents/{given['id']}/withdrawal"))
    assert (ended["status"], ended["in_force"]) == ("inactive", False)

    problem(doctor.get(complete.path), 404)
    assert done(nurse.get(complete.path))["status"] == "on-hold"


def test_a_consent_is_withdrawn_once(nurse: httpx2.Client, draft: PlanAtHand) -> None:
    [given] = consents(nurse, draft)
    done(nurse.post(f"/api/v1/consents/{given['id']}/withdrawal"))

    again = problem(nurse.post(f"/api/v1/consents/{given['id']}/withdrawal"), 422)
    assert again["rule"] == "consent-status"


def test_a_consent_cannot_be_withdrawn_by_who_cannot_see_it(
    nurse: httpx2.Client, foreign: httpx2.Client, draft: PlanAtHand
) -> None:
    [given] = consents(nurse, draft)

    problem(foreign.post(f"/api/v1/consents/{given['id']}/withdrawal"), 404)
    assert consents(nurse, draft)[0]["in_force"]


@pytest.mark.parametrize("whom", [{"all_parties": True}, {"units": [REGION]}, {"units": [HEALTH_CENTRE]}])
def test_naming_all_parties_or_a_region_or_a_unit_lets_the_unit_see(
    nurse: httpx2.Client, doctor: httpx2.Client, person: str, whom: Json
) -> None:
    done(nurse.post(f"/api/v1/persons/{person}/consents", json=UNTIL | whom), 201)
    plan = {"title": "Plan", "team": [{"unit": HEALTH_CENTRE}]}
    drafted = done(nurse.post(f"/api/v1/persons/{person}/plans", json=plan), 201)

    assert done(doctor.get(f"/api/v1/plans/{drafted['id']}"))["title"] == "Plan"


@pytest.mark.parametrize(
    "too_little",
    [
        {"units": [HOME_NURSING]},
        {"all_parties": True, "until": "2026-01-31", "from": "2026-01-01"},
        {"all_parties": True, "from": "2030-01-01"},
    ],
)
def test_a_consent_for_others_or_for_another_time_shows_a_member_nothing(
    nurse: httpx2.Client, doctor: httpx2.Client, person: str, too_little: Json
) -> None:
    done(nurse.post(f"/api/v1/persons/{person}/consents", json=UNTIL | too_little), 201)
    plan = {"title": "Plan", "team": [{"unit": HEALTH_CENTRE}]}
    drafted = done(nurse.post(f"/api/v1/persons/{person}/plans", json=plan), 201)

    problem(doctor.get(f"/api/v1/plans/{drafted['id']}"), 404)


def test_a_consent_to_one_plan_shows_no_other(
    nurse: httpx2.Client, doctor: httpx2.Client, person: str
) -> None:
    plans = [
        done(
            nurse.post(
                f"/api/v1/persons/{person}/plans",
                json={"title": title, "team": [{"unit": HEALTH_CENTRE}]},
            ),
            201,
        )["id"]
        for title in ("Den", "Inte den")
    ]
    consent = UNTIL | {"units": [HEALTH_CENTRE], "plan_id": plans[0]}
    done(nurse.post(f"/api/v1/persons/{person}/consents", json=consent), 201)

    assert done(doctor.get(f"/api/v1/plans/{plans[0]}"))["consents"][0]["plan_id"] == plans[0]
    problem(doctor.get(f"/api/v1/plans/{plans[1]}"), 404)


def test_a_child_does_not_consent_alone(nurse: httpx2.Client) -> None:
    new = {"personal_number": "201701012393", "given_name": "Lill", "family_name": "Tolvansson"}
    child = nurse.post("/api/v1/persons", json=new).json()["id"]

    told = problem(nurse.post(f"/api/v1/persons/{child}/consents", json=UNTIL | {"all_parties": True}), 422)
    assert (told["rule"], told["where"]) == ("consent-child-alone", "/relative_id")


def test_a_call_is_seen_by_the_called_once_consent_covers_them(
    nurse: httpx2.Client, doctor: httpx2.Client, person: str
) -> None:
    call = {"units": [HEALTH_CENTRE], "question": "Vem gör vad?"}
    sent = done(nurse.post(f"/api/v1/persons/{person}/calls", json=call), 201)
    assert doctor.get(f"/fhir/Communication/{sent['id']}").status_code == 404

    done(nurse.post(f"/api/v1/persons/{person}/consents", json=UNTIL | {"units": [HEALTH_CENTRE]}), 201)
    assert doctor.get(f"/fhir/Communication/{sent['id']}").status_code == 200


def test_a_call_to_a_plan_stands_in_it_with_the_meeting(served: County, draft: PlanAtHand) -> None:
    call = {"units": [HEALTH_CENTRE], "question": "Vem gör vad?", "meeting_at": "2030-01-10T09:00:00+01:00"}
    done(draft.client.post(f"{draft.path}/calls", json=call), 201)

    [told] = done(draft.client.get(draft.path))["calls"]
    assert told["question"] == "Vem gör vad? Möte föreslås 2030-01-10 klockan 09.00."
    assert told["plan_id"] == draft.now["id"]
    assert [one["name"] for one in told["units"]] == ["Björkvalla vårdcentral"]
