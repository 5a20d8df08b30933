"""Interventions of the social services are not searchable as such in care data: PDL 2 kap. 8 §."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest

from tests.sip.harness import ASSISTANT_NURSE, HOME_CARE, HOME_NURSING, NURSE, County, patient
from tests.sip.search.asking import bundle, created, included, matches

Json = dict[str, Any]
CODE = {"coding": [{"system": "urn:a", "code": "shower"}], "text": "Dusch"}


@dataclass(frozen=True)
class Case:
    """A person with a plan of two interventions alike but for their owner: home care's, and the home nurses'."""

    person: str
    plan: str
    social: str
    care: str
    home_care: str


def intervention(person: str, owner: str, **more: Any) -> Json:
    return {
        "resourceType": "Task", "status": "requested", "intent": "plan", "for": {"reference": person}, "code": CODE,
        "owner": {"reference": owner}, "priority": "asap", "identifier": [{"system": "urn:a", "value": "7"}],
        "authoredOn": "2026-11-01", "description": "Hjälp med dusch", **more,
    }  # fmt: skip


def unit(client: httpx2.Client, hsa: str) -> str:
    return matches(bundle(client, f"Organization?identifier={hsa}"))[0]


@pytest.fixture(scope="module")
def case(served: County) -> Iterator[Case]:
    with served.staff(NURSE) as nurse:
        person = created(nurse, patient(next(served.numbers)))
        plan = {
            "resourceType": "CarePlan",
            "status": "draft",
            "intent": "plan",
            "subject": {"reference": person},
        }
        first = created(nurse, plan)
        home_care, nursing = unit(nurse, HOME_CARE), unit(nurse, HOME_NURSING)
        based = {"basedOn": [{"reference": first}]}
        social = created(nurse, intervention(person, home_care, **based))
        care = created(nurse, intervention(person, nursing, **based))
        activities: list[Json] = [{"reference": {"reference": one}} for one in (social, care)]
        activities.append(
            {"detail": {"status": "scheduled", "performer": [{"reference": home_care}], "code": CODE}}
        )
        body = nurse.get(f"/fhir/{first}").json() | {"activity": activities}
        assert nurse.put(f"/fhir/{first}", json=body, headers={"If-Match": 'W/"1"'}).status_code == 200
        yield Case(person, first, social, care, home_care)


@pytest.mark.parametrize(
    "asked",
    [
        "code=urn:a|shower", "code=shower", "code:text=dusch", "priority=asap", "identifier=urn:a|7", "intent=plan",
        "authored-on=2026-11-01", "based-on={plan}", "based-on:CarePlan.status=draft", "modified=gt2020",
        "subject={person}", "code:not=other", "priority:not=urgent", "code:missing=false", "owner:missing=false",
        "part-of:missing=true", "period:missing=true",
    ],
)  # fmt: skip
def test_a_task_of_the_social_services_is_found_by_no_search_for_what_it_is(
    nurse: httpx2.Client, case: Case, asked: str
) -> None:
    query = asked.format(plan=case.plan, person=case.person)
    found = matches(bundle(nurse, f"Task?patient={case.person}&{query}"))
    assert case.social not in found
    if ":missing=true" not in asked and "modified" not in asked:
        assert found == [case.care]


@pytest.mark.parametrize("asked", ["_id={id}", "patient={person}", "status=requested", "_lastUpdated=gt2020"])
def test_a_task_of_the_social_services_is_found_as_part_of_the_record(
    nurse: httpx2.Client, case: Case, asked: str
) -> None:
    query = asked.format(id=case.social.partition("/")[2], person=case.person)
    assert case.social in matches(bundle(nurse, f"Task?{query}"))


def test_its_owner_is_searched_for_by_nobody_but_the_unit_itself(
    served: County, nurse: httpx2.Client, case: Case
) -> None:
    assert matches(bundle(nurse, f"Task?owner={case.home_care}")) == []
    with served.staff(ASSISTANT_NURSE) as home_care:
        theirs = created(home_care, intervention(case.person, case.home_care))
        assert matches(bundle(home_care, f"Task?owner={case.home_care}")) == [theirs]
        assert matches(bundle(home_care, f"Task?code=shower&owner={case.home_care}")) == []


def test_no_chain_passes_through_it_by_its_owner(nurse: httpx2.Client, case: Case) -> None:
    found = matches(bundle(nurse, f"Task?patient={case.person}&owner:Organization.type=home-care"))
    assert found == []
    found = matches(bundle(nurse, f"Task?patient={case.person}&owner:Organization.identifier={HOME_NURSING}"))
    assert found == [case.care]


def test_no_reverse_chain_passes_through_it(nurse: httpx2.Client, case: Case) -> None:
    number = case.social.partition("/")[2]
    for asked in ("status=requested", f"patient={case.person}", f"_id={number}", "code=shower"):
        through = f"CarePlan?_has:Task:based-on:{asked}&_id={case.plan.partition('/')[2]}"
        expected = [] if "_id" in asked else [case.plan]  # by the home nurses' task, which is alike
        assert matches(bundle(nurse, through)) == expected, asked


def test_a_plan_is_not_found_through_it_when_it_is_the_only_one(served: County, nurse: httpx2.Client) -> None:
    person = created(nurse, patient(next(served.numbers)))
    plan = created(
        nurse,
        {"resourceType": "CarePlan", "status": "draft", "intent": "plan", "subject": {"reference": person}},
    )
    created(nurse, intervention(person, unit(nurse, HOME_CARE), basedOn=[{"reference": plan}]))
    for asked in ("_has:Task:based-on:status=requested", f"_has:Task:based-on:patient={person}"):
        assert matches(bundle(nurse, f"CarePlan?patient={person}&{asked}")) == []
    for asked in ("_has:Task:patient:status=requested", "_has:Task:subject:status=requested"):
        assert matches(bundle(nurse, f"Patient?_id={person.partition('/')[2]}&{asked}")) == []


@pytest.mark.parametrize(
    "asked",
    [
        "activity-reference={social}", "activity-reference:Task.status=requested&activity-reference:Task._id={id}",
        "performer={home_care}", "activity-code=shower", "activity-code:text=dusch", "activity-code:missing=false",
        "performer:Organization.type=home-care", "activity-code:not=other",
    ],
)  # fmt: skip
def test_a_plan_is_not_found_by_what_the_social_services_do(
    nurse: httpx2.Client, case: Case, asked: str
) -> None:
    query = asked.format(social=case.social, id=case.social.partition("/")[2], home_care=case.home_care)
    assert matches(bundle(nurse, f"CarePlan?patient={case.person}&{query}")) == []


def test_a_plan_is_found_by_what_health_care_does(nurse: httpx2.Client, case: Case) -> None:
    assert matches(bundle(nurse, f"CarePlan?activity-reference={case.care}")) == [case.plan]


def test_it_is_not_brought_along_by_what_must_not_find_it(nurse: httpx2.Client, case: Case) -> None:
    came = included(bundle(nurse, f"CarePlan?patient={case.person}&_revinclude=Task:based-on"))
    assert came == {case.care}
