"""The nurse's whole walk in plain JSON, as her system would take it, and the doctor on the other side."""

import httpx2

from tests.sip.api.conftest import PlanAtHand, done
from tests.sip.harness import DOCTOR, HEALTH_CENTRE, HOME_NURSING, NURSE, County

NEXT = "2030-06-01"


def registered(nurse: httpx2.Client, number: str) -> str:
    """Register somebody, and find them by number as she would the next day; gives the id."""
    new = {"personal_number": number, "given_name": "Tolvan", "family_name": "Tolvansson"}
    done(nurse.post("/api/v1/persons", json=new), 201)
    found: str = done(nurse.post("/api/v1/persons/search", json={"personal_number": number}))["id"]
    return found


def prepared(nurse: httpx2.Client, person: str) -> str:
    """Note the need and the consent, and call the region; gives the need's id."""
    need: str = done(
        nurse.post(f"/api/v1/persons/{person}/needs", json={"text": "Behöver stöd hemma."}), 201
    )["id"]
    consent = {"units": [HEALTH_CENTRE], "until": "2030-12-31", "form": "oral"}
    assert done(nurse.post(f"/api/v1/persons/{person}/consents", json=consent), 201)["in_force"]
    call = {
        "units": [HEALTH_CENTRE],
        "question": "Vem gör vad när Tolvan kommer hem?",
        "need_ids": [need],
        "meeting_at": "2029-12-01T13:00:00+01:00",
    }
    told = done(nurse.post(f"/api/v1/persons/{person}/calls", json=call), 201)
    assert "2029-12-01 klockan 13.00" in told["question"]
    return need


def drafted(nurse: httpx2.Client, person: str, need: str) -> PlanAtHand:
    """Draft the whole plan at once."""
    answer = nurse.post(
        f"/api/v1/persons/{person}/plans",
        json={
            "title": "Hemgång efter höftfraktur",
            "need_ids": [need],
            "what_matters": {"text": "Att bo kvar hemma med katten."},
            "goals": [{"text": "Gå till affären själv"}, {"text": "Sova hela natten"}],
            "interventions": [
                {"text": "Såromläggning", "responsible_unit": HOME_NURSING, "due": "2029-12-20"},
                {"text": "Läkemedelsgenomgång", "responsible_unit": HEALTH_CENTRE},
            ],
            "actions_by_others": [{"text": "Handlar på lördagar", "who": "Dottern"}],
            "follow_up_on": "2030-02-01",
            "team": [{"unit": HEALTH_CENTRE, "employee": DOCTOR, "role": "distriktsläkare"}],
        },
    )
    done(answer, 201)
    assert answer.headers["Location"] == f"/api/v1/plans/{answer.json()['id']}"
    return PlanAtHand(nurse, answer)


def test_a_nurse_brings_a_plan_from_the_first_need_to_its_follow_up(
    served: County, nurse: httpx2.Client
) -> None:
    person = registered(nurse, next(served.numbers))
    plan = drafted(nurse, person, prepared(nurse, person))
    assert plan.now["status_text"] == "utkast"

    active = plan.change("POST", "activation")
    assert (active["status"], active["status_text"]) == ("active", "gäller")
    assert {one["status"] for one in active["goals"]} == {"active"}

    judged = [{"id": one["id"], "reached": one["text"].startswith("Gå")} for one in active["goals"]]
    words = "Tolvan går till affären med rollator."
    noted = {"date": "2030-02-01", "text": words, "goals": judged, "next_follow_up_on": NEXT}
    after = plan.change("POST", "follow-ups", noted)
    assert [(one["status"], one["reached"]) for one in after["goals"]] == [
        ("completed", True),
        ("active", False),
    ]
    assert after["follow_up"]["next_on"] == NEXT
    assert after["follow_up"]["held"][0]["text"] == words

    over = plan.change("POST", "ending", {"outcome": "completed", "reason": "goals-reached"})
    assert (over["status_text"], over["end_reason"]) == ("avslutad", "goals-reached")


def test_the_doctor_on_the_other_side_reads_the_plan_as_people_speak_of_it(
    served: County, nurse: httpx2.Client, doctor: httpx2.Client
) -> None:
    person = registered(nurse, next(served.numbers))
    plan = drafted(nurse, person, prepared(nurse, person))

    seen = done(doctor.get(plan.path))
    assert seen["title"] == "Hemgång efter höftfraktur"
    assert seen["person"]["name"] == "Tolvan Tolvansson"
    assert seen["what_matters"] == {"text": "Att bo kvar hemma med katten.", "declined": False}
    answering = [one["responsible"]["principal"]["kind"] for one in seen["interventions"]]
    assert answering == ["municipality", "region"]
    assert seen["actions_by_others"][0]["who"] == "Dottern"
    assert seen["responsible"]["employee"] == NURSE
    names = [one["name"] for one in seen["team"]]
    assert names == ["Siv Sjukskötare", "Disa Doktorsson", "Tolvan Tolvansson"]
    assert seen["calls"][0]["question"].startswith("Vem gör vad")


def test_a_draft_grows_call_by_call_and_each_answer_is_the_plan_as_it_then_is(complete: PlanAtHand) -> None:
    plan = complete.now

    assert plan["version"] == 6
    assert [one["text"] for one in plan["interventions"]] == ["Såromläggning", "Läkemedelsgenomgång"]
    assert plan["nothing_by_others"]
    assert plan["follow_up"]["next_on"] == "2030-03-01"
    assert complete.change("POST", "activation")["status"] == "active"


def test_what_matters_may_be_that_the_person_did_not_want_to_say(complete: PlanAtHand) -> None:
    first = complete.change("PUT", "what-matters", {"declined": True})["what_matters"]
    again = complete.change("PUT", "what-matters", {"text": "Att få sova."})["what_matters"]

    assert first == {"text": None, "declined": True}
    assert again == {"text": "Att få sova.", "declined": False}


def test_stating_that_others_do_nothing_gives_way_to_what_somebody_does(complete: PlanAtHand) -> None:
    plan = complete.change("POST", "actions-by-others", {"text": "Klipper gräset", "who": "Grannen"})

    assert not plan["nothing_by_others"]
    assert plan["actions_by_others"][0] | {"id": ""} == {"id": "", "text": "Klipper gräset", "who": "Grannen"}


def test_moving_the_follow_up_moves_the_one_there_is(complete: PlanAtHand) -> None:
    assert complete.change("PUT", "follow-up-date", {"date": "2030-04-01"})["follow_up"] == {
        "next_on": "2030-04-01",
        "overdue": False,
        "held": [],
    }


def test_a_unit_that_answers_for_an_intervention_takes_part(nurse: httpx2.Client, person: str) -> None:
    plan = {
        "title": "Plan",
        "interventions": [{"text": "Rehabilitering", "responsible_unit": HEALTH_CENTRE}],
    }
    drafted = done(nurse.post(f"/api/v1/persons/{person}/plans", json=plan), 201)

    assert HEALTH_CENTRE in {one["unit"] and one["unit"]["hsa_id"] for one in drafted["team"]}


def test_another_unit_may_answer_over_all(nurse: httpx2.Client, person: str) -> None:
    plan = {"title": "Plan", "responsible_unit": HEALTH_CENTRE}
    drafted = done(nurse.post(f"/api/v1/persons/{person}/plans", json=plan), 201)

    assert drafted["responsible"]["unit"]["name"] == "Björkvalla vårdcentral"
    assert [one["name"] for one in drafted["team"]] == ["Siv Sjukskötare", None, "Tolvan Tolvansson"]


def test_a_plan_rests_and_goes_on(complete: PlanAtHand) -> None:
    complete.change("POST", "activation")

    assert complete.change("POST", "pause")["status_text"] == "vilar"
    assert complete.change("POST", "resumption")["status_text"] == "gäller"


def test_somebody_joins_the_team_once(draft: PlanAtHand) -> None:
    joins = {"unit": HEALTH_CENTRE, "employee": DOCTOR}
    before = [one["name"] for one in draft.now["team"]]

    assert [one["name"] for one in draft.change("POST", "team-members", joins)["team"]] == before


def test_plans_are_listed_by_person_and_by_unit_a_page_at_a_time(
    nurse: httpx2.Client, draft: PlanAtHand
) -> None:
    of_person = done(nurse.get(f"/api/v1/persons/{draft.now['person_id']}/plans"))["plans"]
    assert [one["id"] for one in of_person] == [draft.now["id"]]

    first = done(nurse.get("/api/v1/plans?status=draft&count=1"))
    assert first["plans"][0]["id"] == draft.now["id"]
    found = [first]
    while found[-1]["next"]:
        found.append(done(nurse.get(found[-1]["next"])))
    ids = [one["id"] for page in found for one in page["plans"]]
    assert len(ids) == len(set(ids))
    assert {one["status"] for page in found for one in page["plans"]} == {"draft"}


def test_the_same_plan_is_found_as_fhir(nurse: httpx2.Client, complete: PlanAtHand) -> None:
    resource = done(nurse.get(f"/fhir/CarePlan/{complete.now['id']}"))

    assert complete.now["links"]["fhir"].endswith(f"/fhir/CarePlan/{resource['id']}")
    assert resource["meta"]["versionId"] == str(complete.now["version"])
    assert len(resource["activity"]) == 3
