"""The municipal nurse, through plain JSON alone: finds the person, notes need and consent, calls the region."""

from datetime import timedelta
from typing import Any, Final

from services.demo.county.facts import TourPerson
from services.demo.county.units import BJORKVALLA, BJORKVALLA_CENTRE
from services.demo.tour.case import Case
from services.demo.tour.page import NotProven, require
from services.demo.tour.party import Party

DOOR: Final = "plain JSON"
NEED: Final = (
    "Har kommit hem efter en höftfraktur. Behöver hjälp med såret, läkemedlen och att våga gå ute igen."
)
QUESTION: Final = "Vem gör vad för att {name} ska kunna bo kvar hemma? Vi behöver er läkemedelsgenomgång."
ENDED: Final = frozenset({"completed", "revoked", "entered-in-error"})
YEAR: Final = timedelta(days=365)


def nurse_finds_the_person(case: Case) -> None:
    """Find a resident who has no plan, by personal number in the body."""
    nurse = case.parties["nurse"]
    case.page.step("A municipal nurse finds the person", DOOR)
    chosen = _without_plan(case, nurse)
    found = nurse.post("/persons/search", {"personal_number": chosen.resident.number.digits})
    person = nurse.expect(found, 200).json
    case.found |= {"person": person["id"], "name": person["name"]}
    case.page.proof(f"{person['name']}, born {person['birth_date']}, Patient/{person['id']}: no plan so far")


def nurse_notes_the_need(case: Case) -> None:
    """Note the need, which founds the unit's relation to the person."""
    nurse = case.parties["nurse"]
    case.page.step("She notes the need", DOOR)
    need = nurse.expect(nurse.post(f"/persons/{case.found['person']}/needs", {"text": NEED}), 201).json
    case.found["need"] = need["id"]
    require(need["text"] == NEED, "the need does not read as it was written")
    case.page.proof(f"Condition/{need['id']}, noted by {need['noted_by']['unit']['name']}")


def nurse_notes_the_consent(case: Case) -> None:
    """Note the person's consent: to whom, until when."""
    nurse = case.parties["nurse"]
    case.page.step("She notes the person's consent", DOOR)
    until = (case.clock().date() + YEAR).isoformat()
    units = [BJORKVALLA_CENTRE.hsa, BJORKVALLA.hsa]
    body = {"units": units, "until": until, "form": "oral"}
    consent = nurse.expect(nurse.post(f"/persons/{case.found['person']}/consents", body), 201).json
    require(consent["in_force"], "the consent is not in force")
    named = " and ".join(unit["name"] for unit in consent["units"])
    case.page.proof(f"in force until {until}, for {named}, resting on {', '.join(consent['laws'])}")


def nurse_calls_the_region(case: Case) -> None:
    """Call the region's unit, with what there is to plan (kallelse)."""
    nurse = case.parties["nurse"]
    case.page.step("She calls the region's health centre to plan together (kallelse)", DOOR)
    question = QUESTION.format(name=case.found["name"].split()[0])
    body = {"units": [BJORKVALLA_CENTRE.hsa], "question": question, "need_ids": [case.found["need"]]}
    call = nurse.expect(nurse.post(f"/persons/{case.found['person']}/calls", body), 201).json
    case.found["call"] = call["id"]
    case.page.proof(f"Communication/{call['id']} to {call['units'][0]['name']}: «{call['question']}»")
    told = case.sides["region"].hook
    about = f"Communication/{call['id']}"
    arrived = case.receiver.wait(lambda: about in told.focuses(), seconds=case.patience)
    require(arrived, "the region's webhook was not told of the call")
    case.page.proof("and the region's webhook has it already: nobody logs in twice a day to look")


def _without_plan(case: Case, nurse: Party) -> TourPerson:
    """Choose a resident without any plan, or one whose every plan the tour has ended before."""
    used: list[TourPerson] = []
    for one in case.candidates:
        sought = {"personal_number": one.resident.number.digits}
        found = nurse.quietly("POST", "/persons/search", sought)
        plans = _plans(nurse, found.json["id"]) if found.status == 200 else [{"status": "unknown"}]
        if not plans:
            return one
        if all(plan["status"] in ENDED for plan in plans):
            used.append(one)
    if not used:
        raise NotProven("every resident of the tour has a plan that lives. Mend: make demo-reset")
    return used[0]


def _plans(nurse: Party, person: str) -> list[Any]:
    answer = nurse.quietly("GET", f"/persons/{person}/plans")
    plans: list[Any] = answer.json["plans"] if answer.status == 200 else []
    return plans
