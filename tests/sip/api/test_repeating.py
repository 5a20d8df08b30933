"""A request whose answer was lost is sent again, and gives the first result."""

from concurrent.futures import ThreadPoolExecutor

import httpx2

from tests.sip.api.conftest import PlanAtHand, done, problem
from tests.sip.harness import DOCTOR, HEALTH_CENTRE, HOME_NURSING, County

KEY = {"Idempotency-Key": "3f1c"}


def test_a_need_noted_again_is_the_same_need(served: County, nurse: httpx2.Client, person: str) -> None:
    path, new = f"/api/v1/persons/{person}/needs", {"text": "Behöver stöd hemma."}
    first = done(nurse.post(path, json=new, headers=KEY), 201)
    stored = served.stored()

    assert done(nurse.post(path, json=new, headers=KEY), 201) == first
    assert served.stored() == stored


def test_a_whole_plan_drafted_again_is_the_same_plan(
    served: County, nurse: httpx2.Client, person: str
) -> None:
    path = f"/api/v1/persons/{person}/plans"
    plan = {
        "title": "Plan",
        "goals": [{"text": "Ett"}, {"text": "Två"}],
        "interventions": [{"text": "Något", "responsible_unit": HEALTH_CENTRE}],
        "follow_up_on": "2030-01-01",
    }
    first = nurse.post(path, json=plan, headers=KEY)
    stored = served.stored()
    again = nurse.post(path, json=plan, headers=KEY)

    assert done(again, 201) == done(first, 201)
    assert again.headers["Location"] == first.headers["Location"]
    assert served.stored() == stored


def test_a_plan_that_grew_meanwhile_is_given_as_it_now_is(nurse: httpx2.Client, person: str) -> None:
    path, new = f"/api/v1/persons/{person}/plans", {"title": "Plan"}
    plan = PlanAtHand(nurse, nurse.post(path, json=new, headers=KEY))
    plan.change("POST", "goals", {"text": "Nytt"})

    assert done(nurse.post(path, json=new, headers=KEY), 201) == plan.now


def test_an_addition_sent_again_with_the_version_it_saw_then_is_made_once(draft: PlanAtHand) -> None:
    path, headers = f"{draft.path}/interventions", draft.if_match | KEY
    new = {"text": "Såromläggning", "responsible_unit": HOME_NURSING}
    first = done(draft.client.post(path, json=new, headers=headers))

    assert done(draft.client.post(path, json=new, headers=headers)) == first
    assert len(first["interventions"]) == 1


def test_the_same_key_for_another_content_is_refused(nurse: httpx2.Client, person: str) -> None:
    path = f"/api/v1/persons/{person}/needs"
    done(nurse.post(path, json={"text": "Ett"}, headers=KEY), 201)

    told = problem(nurse.post(path, json={"text": "Två"}, headers=KEY), 422)
    assert told["rule"] == "idempotency-key-reused"
    assert len(done(nurse.get(path))["needs"]) == 1


def test_without_a_key_each_request_is_its_own(nurse: httpx2.Client, person: str) -> None:
    path = f"/api/v1/persons/{person}/needs"
    for _ in range(2):
        done(nurse.post(path, json={"text": "Samma"}), 201)

    assert len(done(nurse.get(path))["needs"]) == 2


def test_one_callers_key_means_nothing_for_another(
    nurse: httpx2.Client, doctor: httpx2.Client, person: str
) -> None:
    path, new = f"/api/v1/persons/{person}/needs", {"text": "Samma ord"}
    mine = done(nurse.post(path, json=new, headers=KEY), 201)
    theirs = done(doctor.post(path, json=new, headers=KEY), 201)

    assert mine["id"] != theirs["id"]


def test_a_request_sent_many_times_at_once_is_done_once(
    nurse: httpx2.Client, served: County, person: str
) -> None:
    path, new = f"/api/v1/persons/{person}/needs", {"text": "Behov"}
    before = served.stored()
    with ThreadPoolExecutor(6) as many:
        answers = list(many.map(lambda _: nurse.post(path, json=new, headers=KEY), range(6)))

    assert len({done(one, 201)["id"] for one in answers}) == 1
    assert served.stored() == before + 1


def test_a_refused_request_may_be_mended_and_sent_under_its_key(nurse: httpx2.Client, person: str) -> None:
    path = f"/api/v1/persons/{person}/contacts"
    new = {"kind": "fast-lakarkontakt", "employee": "SE0", "unit": HEALTH_CENTRE, "reason": "first"}
    problem(nurse.post(path, json=new, headers=KEY), 422)

    done(nurse.post(path, json=new | {"employee": DOCTOR}, headers=KEY), 201)


def test_registering_a_person_again_finds_them_as_registered(served: County, nurse: httpx2.Client) -> None:
    new = {"personal_number": next(served.numbers), "given_name": "Tolvan", "family_name": "Tolvansson"}
    first = done(nurse.post("/api/v1/persons", json=new), 201)

    assert done(nurse.post("/api/v1/persons", json=new | {"given_name": "Elvan"}), 200) == first
