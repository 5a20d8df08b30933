"""The nurse drafts the plan, is told what the law still demands, completes it and lets it begin."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from services.demo.county.units import BJORKVALLA_CENTRE, BJORKVALLA_UNITS
from services.demo.tour.case import Case
from services.demo.tour.exchange import Answer, Sent
from services.demo.tour.municipality_meets import DOOR
from services.demo.tour.page import require

REVIEW: Final = "Läkemedelsgenomgång och plan för smärtlindring"
FOLLOW_UP_AFTER: Final = timedelta(days=60)
MUST_BE_MISSED: Final = frozenset({"plan-actions-by-others", "plan-follow-up-date", "plan-what-matters"})


def nurse_drafts_the_plan(case: Case) -> None:
    """Draft the plan with goals, interventions of each side, and a team."""
    nurse = case.parties["nurse"]
    case.page.step("She drafts the plan, with goals and who does what", DOOR)
    answer = nurse.expect(nurse.post(f"/persons/{case.found['person']}/plans", _draft(case)), 201)
    plan = answer.json
    case.found |= {"plan": plan["id"], "plan etag": answer.etag, "regions task": REVIEW}
    require(plan["status"] == "draft", f"the plan is {plan['status']}")
    answering = {one["responsible"]["principal"]["name"] for one in plan["interventions"]}
    case.page.proof(
        f"CarePlan/{plan['id']}: {len(plan['goals'])} goals, {len(plan['interventions'])} interventions"
    )
    case.page.proof(
        f"which huvudman answers for what follows from the directory: {', '.join(sorted(answering))}"
    )


def activation_is_refused(case: Case) -> None:
    """Try to let the plan begin while something that law or agreement demands is missing."""
    nurse, plan = case.parties["nurse"], case.found["plan"]
    case.page.step("She tries to activate it too early", DOOR)
    sent = Sent("POST", f"/plans/{plan}/activation", None, {"If-Match": case.found["plan etag"]})
    missing = nurse.expect(nurse.send(sent), 422).json["missing"]
    for one in missing:
        case.page.proof(f"missing: {one['text']}  ({one['basis']})")
    lacking = MUST_BE_MISSED - {one["rule"] for one in missing}
    require(not lacking, f"the refusal does not name {', '.join(sorted(lacking))}")
    require(all(one.get("basis") for one in missing), "a refusal does not say what it rests on")
    now = nurse.quietly("GET", f"/plans/{plan}").json
    require(now["status"] == "draft", "the refused activation changed the plan all the same")


def nurse_completes_and_activates(case: Case) -> None:
    """Fill in what was missing, and let the plan begin."""
    plan = f"/plans/{case.found['plan']}"
    follow_up = (case.clock().date() + FOLLOW_UP_AFTER).isoformat()
    words = "Att få vara hemma med katten och kunna gå till kyrkan på söndagar."
    case.page.step("She completes it with what was missing", DOOR)
    _changed(case, Sent("PUT", f"{plan}/what-matters", {"text": words}), lambda now: now["what_matters"])
    by_other = {"text": "Handlar och följer med till läkaren", "who": "Dottern"}
    _changed(case, Sent("POST", f"{plan}/actions-by-others", by_other), lambda now: now["actions_by_others"])
    dated = Sent("PUT", f"{plan}/follow-up-date", {"date": follow_up})
    now = _changed(case, dated, lambda now: now["follow_up"]["next_on"] == follow_up)
    case.page.proof(f"what matters: «{now['what_matters']['text']}», to be followed up on {follow_up}")

    case.page.step("Now the plan is activated", DOOR)
    now = _changed(case, Sent("POST", f"{plan}/activation"), lambda now: now["status"] == "active")
    case.page.proof(f"{now['status_text']}; answering over all: {now['responsible']['unit']['name']}")


def nurse_ends_the_plan(case: Case) -> None:
    """Follow the plan up and end it, so that the person is there for another tour."""
    plan = f"/plans/{case.found['plan']}"
    case.page.step("At the follow-up the goals are reached, and the plan ends", DOOR)
    now = case.parties["nurse"].quietly("GET", plan)
    case.found["plan etag"] = now.etag
    outcome = {
        "date": case.clock().date().isoformat(),
        "text": "Såret har läkt och vi går till kyrkan med rollator. Läkemedlen är genomgångna.",
        "goals": [{"id": goal["id"], "reached": True} for goal in now.json["goals"]],
    }
    _changed(case, Sent("POST", f"{plan}/follow-ups", outcome), lambda now: now["follow_up"]["held"])
    ending = {"outcome": "completed", "reason": "goals-reached"}
    now = _changed(case, Sent("POST", f"{plan}/ending", ending), lambda now: now["status"] == "completed")
    case.page.proof(f"{now['status_text']}, because {now['end_reason']}")


def _changed(case: Case, sent: Sent, done: Callable[[Mapping[str, Any]], object]) -> Any:
    """Change the plan as it was last seen, and see that it is done; a lost answer is looked up."""
    nurse, path = case.parties["nurse"], f"/plans/{case.found['plan']}"

    def carried_out() -> Answer | None:
        now = nurse.quietly("GET", path)
        return now if now.status == 200 and done(now.json) else None

    etag = case.found["plan etag"]
    headers = {"If-Match": etag}
    answer = nurse.send(Sent(sent.method, sent.url, sent.body, headers, f"If-Match: {etag}"), carried_out)
    plan = nurse.expect(answer, 200).json
    require(done(plan), f"{sent.method} {sent.url} answered 200 and did not change the plan")
    case.found["plan etag"] = answer.etag
    return plan


def _draft(case: Case) -> dict[str, Any]:
    nursing, home_care = BJORKVALLA_UNITS[0], BJORKVALLA_UNITS[1]
    return {
        "title": "Hemma igen efter höftfraktur",
        "need_ids": [case.found["need"]],
        "goals": [
            {"text": "Jag vill kunna gå till kyrkan med rollator."},
            {"text": "Jag vill att såret läker så att jag slipper ha ont."},
        ],
        "interventions": [
            {"text": REVIEW, "responsible_unit": BJORKVALLA_CENTRE.hsa},
            {"text": "Såromläggning två gånger i veckan", "responsible_unit": nursing.hsa},
            {"text": "Promenad tillsammans, tre gånger i veckan", "responsible_unit": home_care.hsa},
        ],
        "team": [
            {
                "unit": BJORKVALLA_CENTRE.hsa,
                "employee": case.found["doctors employee"],
                "role": "distriktsläkare",
            },
            {"unit": home_care.hsa, "role": "hemtjänst"},
        ],
    }
