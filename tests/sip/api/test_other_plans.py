"""Plans of other kinds, on other grounds, and written by others through FHIR, told as plainly as may be."""

from typing import Any

import httpx2

from services.sip.domain import codes
from tests.sip.api.conftest import Json, PlanAtHand, done, problem
from tests.sip.harness import HEALTH_CENTRE, HOME_CARE, HOME_NURSING

CONTENT: Json = {
    "title": "Plan",
    "what_matters": {"declined": True},
    "interventions": [
        {"text": "Såromläggning", "responsible_unit": HOME_NURSING},
        {"text": "Läkarbesök", "responsible_unit": HEALTH_CENTRE},
    ],
    "nothing_by_others": True,
    "follow_up_on": "2030-01-01",
}


def drafted(nurse: httpx2.Client, person: str, **more: Any) -> PlanAtHand:
    answer = nurse.post(f"/api/v1/persons/{person}/plans", json=CONTENT | more)
    done(answer, 201)
    return PlanAtHand(nurse, answer)


def test_a_recorded_ground_stands_in_for_consent_and_lets_the_parties_see(
    nurse: httpx2.Client, doctor: httpx2.Client, person: str
) -> None:
    ground = {"code": "unable-to-consent", "text": "Kan på grund av sjukdomen inte ta ställning."}
    plan = drafted(nurse, person, lawful_ground=ground)

    assert plan.change("POST", "activation")["lawful_ground"] == ground["text"]
    assert done(doctor.get(plan.path))["status"] == "active"


def test_a_ground_that_is_for_children_does_not_carry_an_adults_plan(
    nurse: httpx2.Client, person: str
) -> None:
    ground = {"code": "child-necessary-care", "text": "Behövs."}

    told = problem(drafted(nurse, person, lawful_ground=ground).ask("POST", "activation"), 422)
    assert [one["rule"] for one in told["missing"]] == ["plan-lawful-ground"]
    assert told["missing"][0]["basis"].startswith("OSL 25 kap. 12 §")


def test_a_plan_under_lss_needs_no_region_and_no_consent(nurse: httpx2.Client, person: str) -> None:
    alone = {"kind": "lss", "interventions": [{"text": "Ledsagning", "responsible_unit": HOME_CARE}]}

    told = problem(drafted(nurse, person, **alone).ask("POST", "activation"), 422)
    assert [(one["rule"], one["basis"]) for one in told["missing"]] == [("plan-yearly-review", "LSS 10 §")]
    active = drafted(nurse, person, **alone, follow_up_on="2027-06-01").change("POST", "activation")
    assert (active["kind"], active["status"]) == ("lss", "active")


def test_a_plan_of_a_kind_that_is_not_ours_is_told_as_what_it_is(nurse: httpx2.Client, person: str) -> None:
    foreign = {
        "resourceType": "CarePlan",
        "status": "unknown",
        "intent": "plan",
        "category": [{"text": "Rehabiliteringsplan"}],
        "subject": {"reference": f"Patient/{person}"},
        "author": {"display": "Någon annanstans"},
        "period": {"start": "2026"},
        "contributor": [{"display": "Försäkringskassan"}],
        "activity": [{"detail": {"status": "in-progress", "description": "Gång"}}],
    }
    id = done(nurse.post("/fhir/CarePlan", json=foreign), 201)["id"]

    told = done(nurse.get(f"/api/v1/plans/{id}"))
    assert (told["kind"], told["status_text"], told["from"]) == ("other", "unknown", "2026")
    assert told["responsible"] == {"employee": None, "name": "Någon annanstans", "unit": None}
    assert told["team"] == told["interventions"] == told["goals"] == []


def test_parts_written_sparsely_through_fhir_are_told_as_far_as_they_go(
    nurse: httpx2.Client, person: str
) -> None:
    plan = drafted(nurse, person)
    patient, key = {"reference": f"Patient/{person}"}, f"CarePlan/{plan.now['id']}"
    relative = {"resourceType": "RelatedPerson", "patient": patient, "name": [{"text": "Anna"}]}
    anna = done(nurse.post("/fhir/RelatedPerson", json=relative), 201)["id"]
    task = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "plan",
        "code": codes.TASK_ACTION_BY_OTHER.concept(),
        "for": patient,
        "basedOn": [{"reference": key}],
        "owner": {"reference": f"RelatedPerson/{anna}"},
    }
    errand = done(nurse.post("/fhir/Task", json=task), 201)["id"]
    resource = done(nurse.get(f"/fhir/{key}"))
    resource["activity"].append({"reference": {"reference": f"Task/{errand}"}})
    done(nurse.put(f"/fhir/{key}", json=resource, headers=plan.if_match))

    told = done(nurse.get(plan.path))
    assert told["actions_by_others"] == [{"id": errand, "text": "", "who": "Anna"}]


def test_a_plan_written_through_fhir_without_a_team_gets_one(nurse: httpx2.Client, person: str) -> None:
    bare = {
        "resourceType": "CarePlan",
        "status": "draft",
        "intent": "plan",
        "category": [codes.PLAN_CATEGORY_SIP.concept()],
        "subject": {"reference": f"Patient/{person}"},
    }
    made = nurse.post("/fhir/CarePlan", json=bare)
    plan = PlanAtHand(nurse, nurse.get(f"/api/v1/plans/{done(made, 201)['id']}"))

    joined = plan.change("POST", "team-members", {"unit": HEALTH_CENTRE, "role": "vårdcentral"})
    assert [one["role"] for one in joined["team"]] == [None, "vårdcentral", "Den planen gäller"]
