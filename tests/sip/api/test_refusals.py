"""Who may not, what is missing, what has changed meanwhile: told as problems, nothing given away."""

import httpx2
import pytest

from tests.sip.api.conftest import PlanAtHand, done, problem
from tests.sip.harness import DOCTOR, HEALTH_CENTRE, HOME_CARE, HOME_NURSING, NURSE, OTHER_CENTRE, County

CONTENT = "HSL 16 kap. 4 §"


def test_a_foreign_unit_cannot_tell_a_plan_from_one_that_never_was(
    foreign: httpx2.Client, complete: PlanAtHand
) -> None:
    hidden, absent = (
        complete.path,
        complete.path[:-1] + "_".replace("_", "0" if complete.path[-1] != "0" else "1"),
    )
    for method, part, body in (
        ("GET", "", None),
        ("POST", "/activation", None),
        ("POST", "/goals", {"text": "Nytt"}),
        ("PUT", "/follow-up-date", {"date": "2030-01-01"}),
        ("POST", "/calls", {"units": [OTHER_CENTRE], "question": "Vad?"}),
    ):
        answers = [
            foreign.request(method, path + part, json=body, headers={"If-Match": 'W/"1"'})
            for path in (hidden, absent)
        ]
        problem(answers[0], 404)
        told = [
            one.content.replace(path[-36:].encode(), b"")
            for one, path in zip(answers, (hidden, absent), strict=True)
        ]
        assert told[0] == told[1]


def test_a_foreign_unit_finds_nothing_about_the_person(foreign: httpx2.Client, draft: PlanAtHand) -> None:
    person = draft.now["person_id"]

    for what in ("", "/needs", "/consents", "/plans", "/contacts"):
        problem(foreign.get(f"/api/v1/persons/{person}{what}"), 404)
    assert done(foreign.get("/api/v1/plans"))["plans"] == []


def test_an_activation_names_everything_that_is_missing_with_its_paragraph(draft: PlanAtHand) -> None:
    told = problem(draft.ask("POST", "activation"), 422)

    missing = {one["rule"]: one for one in told["missing"]}
    assert set(missing) == {
        "plan-interventions",
        "plan-actions-by-others",
        "plan-follow-up-date",
        "plan-what-matters",
    }
    assert missing["plan-interventions"]["basis"].startswith(CONTENT)
    assert "SoL 10 kap. 8 §" in missing["plan-actions-by-others"]["basis"]
    assert missing["plan-follow-up-date"]["basis"] == "agreed practice: setting follow_up_date_required"
    assert missing["plan-what-matters"]["do"] == "PUT /api/v1/plans/{id}/what-matters"
    assert "Vad är viktigt för dig?" in missing["plan-what-matters"]["text"]
    assert (told["rule"], told["basis"]) == (told["missing"][0]["rule"], told["missing"][0]["basis"])
    assert done(draft.client.get(draft.path))["status"] == "draft"


def test_an_activation_without_consent_says_on_which_law_it_rests(nurse: httpx2.Client, person: str) -> None:
    drafted = nurse.post(f"/api/v1/persons/{person}/plans", json={"title": "Plan"})
    told = problem(PlanAtHand(nurse, drafted).ask("POST", "activation"), 422)

    missing = {one["rule"]: one for one in told["missing"]}
    assert missing["plan-consent"]["basis"] == "HSL 16 kap. 4 §; SoL 10 kap. 8 §"
    assert missing["plan-both-principals"]["text"].startswith("Regionen är inte med")


def test_a_party_that_consent_does_not_cover_keeps_the_plan_a_draft(complete: PlanAtHand) -> None:
    complete.change("POST", "interventions", {"text": "Dusch", "responsible_unit": HOME_CARE})

    told = problem(complete.ask("POST", "activation"), 422)
    assert [one["rule"] for one in told["missing"]] == ["plan-consent-parties"]
    assert told["missing"][0]["about"].startswith("Organization/")


def test_a_change_of_a_version_that_is_no_longer_the_newest_is_refused(draft: PlanAtHand) -> None:
    stale = draft.if_match
    draft.change("POST", "goals", {"text": "Ett mål till"})

    told = problem(draft.client.post(f"{draft.path}/goals", json={"text": "Nytt"}, headers=stale), 412)
    assert "is now version 2, not 1" in told["detail"]
    assert len(done(draft.client.get(draft.path))["goals"]) == 2


@pytest.mark.parametrize("header", ["", "*", "3", '"x"', 'W/"1", W/"2"'])
def test_a_change_says_which_one_version_it_saw(draft: PlanAtHand, header: str) -> None:
    answer = draft.client.put(
        f"{draft.path}/what-matters", json={"declined": True}, headers={"If-Match": header} if header else {}
    )

    told = problem(answer, 400 if header else 428)
    assert told["where"] == "header: If-Match"
    assert done(draft.client.get(draft.path))["what_matters"] is None


def test_an_ended_plan_is_not_changed_any_more(complete: PlanAtHand) -> None:
    complete.change("POST", "activation")
    complete.change("POST", "ending", {"outcome": "revoked", "reason": "persons-wish"})

    assert problem(complete.ask("POST", "goals", {"text": "Nytt"}), 422)["rule"] == "plan-status"
    assert problem(complete.ask("POST", "resumption"), 422)["missing"][0]["rule"] == "plan-status"


def test_a_follow_up_is_noted_by_who_answers_over_all(doctor: httpx2.Client, complete: PlanAtHand) -> None:
    complete.change("POST", "activation")
    theirs = PlanAtHand(doctor, doctor.get(complete.path))

    told = problem(theirs.ask("POST", "follow-ups", {"date": "2030-03-01", "text": "Bra"}), 422)
    assert told["rule"] == "task-not-theirs"


def test_a_follow_up_judges_goals_of_this_plan_alone(complete: PlanAtHand) -> None:
    judged = {"date": "2030-03-01", "text": "Bra", "goals": [{"id": "another", "reached": True}]}

    told = problem(complete.ask("POST", "follow-ups", judged), 422)
    assert (told["rule"], told["where"]) == ("goal-unknown", "/goals/0/id")


def test_units_and_staff_are_those_of_the_directory(nurse: httpx2.Client, person: str) -> None:
    plan = {
        "title": "Plan",
        "interventions": [{"text": "Något", "responsible_unit": "SE0000000000-1E00"}],
        "team": [{"unit": HEALTH_CENTRE, "employee": NURSE}, {"unit": "SE0000000000-1E01"}],
    }
    told = problem(nurse.post(f"/api/v1/persons/{person}/plans", json=plan), 422)

    assert [(one["rule"], one["where"]) for one in told["violations"]] == [
        ("unit-unknown", "/team/1/unit"),
        ("unit-unknown", "/interventions/0/responsible_unit"),
        ("assignment-unknown", "/team/0/employee"),
    ]


def test_a_need_that_is_another_persons_is_refused(
    served: County, nurse: httpx2.Client, draft: PlanAtHand
) -> None:
    new = {"personal_number": next(served.numbers), "given_name": "Annan", "family_name": "Person"}
    other = done(nurse.post("/api/v1/persons", json=new), 201)["id"]
    plan = {"title": "Plan", "need_ids": [draft.now["needs"][0]["id"]]}

    assert problem(nurse.post(f"/api/v1/persons/{other}/plans", json=plan), 422)["rule"] == "reference"


def test_nobody_writes_about_a_person_who_is_not_registered(served: County, nurse: httpx2.Client) -> None:
    before = served.stored()

    problem(nurse.post("/api/v1/persons/nobody/needs", json={"text": "Behov"}), 404)
    problem(nurse.post("/api/v1/persons/nobody/plans", json={"title": "Plan"}), 404)
    assert served.stored() == before


def test_a_resident_reads_the_own_plan_and_writes_nothing(served: County, complete: PlanAtHand) -> None:
    person = complete.now["person_id"]
    with served.resident(person) as resident:
        assert done(resident.get(complete.path))["title"] == complete.now["title"]
        problem(resident.post(f"/api/v1/persons/{person}/needs", json={"text": "Behov"}), 403)
        answer = resident.post(f"{complete.path}/activation", headers=complete.if_match)
        problem(answer, 403)


def test_without_a_token_that_holds_nothing_is_looked_at(served: County, draft: PlanAtHand) -> None:
    counted = "sip_tokens_refused_total"
    with httpx2.Client(base_url=served.url, trust_env=False) as nobody:
        before = nobody.get("/metrics").text.count(counted)
        none = nobody.get(draft.path)
        broken = nobody.get(draft.path, headers={"Authorization": "Bearer x.y.z"})
        assert problem(none, 401)["title"] == "No token that holds"
        assert none.headers["WWW-Authenticate"] == "Bearer"
        problem(broken, 401)
        assert broken.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
        assert nobody.get("/metrics").text.count(counted) >= before


def test_a_scope_that_is_too_narrow_is_told_before_anything_is_written(served: County, person: str) -> None:
    before = served.stored()
    with served.staff(NURSE, scope="user/CarePlan.cruds user/CareTeam.cruds") as narrow:
        answer = narrow.post(f"/api/v1/persons/{person}/plans", json={"title": "Plan"})
        problem(answer, 403)
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope"'
    assert served.stored() == before


def test_whoever_belongs_to_no_unit_in_the_directory_is_told_so(served: County, person: str) -> None:
    with served.staff(DOCTOR, healthcareUnitHsaId="SE0000000000-1E09") as lost:
        told = problem(lost.post(f"/api/v1/persons/{person}/needs", json={"text": "Behov"}), 422)
    assert told["rule"] == "unit-unknown"


def test_an_address_that_is_not_served_is_a_problem_too(nurse: httpx2.Client) -> None:
    problem(nurse.get("/api/v1/nothing"), 404)
    problem(nurse.delete("/api/v1/plans"), 405)


def test_every_answer_tells_its_request_id_and_stays_out_of_caches(nurse: httpx2.Client) -> None:
    answer = nurse.get("/api/v1/plans", headers={"X-Request-Id": "abc-1"})

    assert answer.headers["X-Request-Id"] == "abc-1"
    assert answer.headers["Cache-Control"] == "no-store"
    assert HOME_NURSING not in answer.headers["X-Request-Id"]
