"""Who has looked: told to the resident by unit and time, to the privacy officer by employee, to nobody else."""

import httpx2

from tests.sip.api.conftest import PlanAtHand, done, problem
from tests.sip.harness import DOCTOR, HEALTH_CENTRE, MUNICIPALITY, NURSE, REGION, County


def test_the_resident_reads_which_unit_looked_and_when_but_not_which_employee(
    served: County, doctor: httpx2.Client, complete: PlanAtHand
) -> None:
    person = complete.now["person_id"]
    done(doctor.get(complete.path))
    with served.resident(person) as resident:
        accesses = done(resident.get(f"/api/v1/persons/{person}/access-log"))["accesses"]

    last = accesses[0]
    assert (last["action"], last["allowed"]) == ("läste", True)
    assert last["unit"]["hsa_id"] == HEALTH_CENTRE
    assert last["giver"]["name"] == "Region Furuland"
    assert "plan" in last["about"]
    assert ": Björkvalla vårdcentral läste plan" in last["text"]
    assert last["ground"] == "deltar i vården eller omsorgen"
    assert {one["employee"] for one in accesses} == {None}


def test_reading_a_plan_is_one_look_however_much_hangs_on_it(
    served: County, doctor: httpx2.Client, complete: PlanAtHand
) -> None:
    before = served.stored("access")
    done(doctor.get(complete.path))

    assert served.stored("access") == before + 1


def test_the_resident_reads_of_a_refused_look_too(
    served: County, foreign: httpx2.Client, draft: PlanAtHand
) -> None:
    person = draft.now["person_id"]
    problem(foreign.get(draft.path), 404)
    with served.resident(person) as resident:
        last = done(resident.get(f"/api/v1/persons/{person}/access-log"))["accesses"][0]

    assert not last["allowed"]
    assert "Västervågs vårdcentral nekades läsa plan" in last["text"]


def test_the_residents_own_look_is_theirs(served: County, draft: PlanAtHand) -> None:
    person = draft.now["person_id"]
    with served.resident(person) as resident:
        done(resident.get(draft.path))
        last = done(resident.get(f"/api/v1/persons/{person}/access-log"))["accesses"][0]

    assert ": Du själv läste plan" in last["text"]


def test_another_resident_is_told_that_there_is_nobody(served: County, draft: PlanAtHand) -> None:
    with served.resident("somebody-else") as other:
        problem(other.get(f"/api/v1/persons/{draft.now['person_id']}/access-log"), 404)


def test_a_privacy_officer_reads_who_of_the_own_care_giver_looked(
    served: County, doctor: httpx2.Client, complete: PlanAtHand
) -> None:
    path = f"/api/v1/persons/{complete.now['person_id']}/access-log"
    done(doctor.get(complete.path))
    with served.privacy_officer(REGION) as officer:
        region = done(officer.get(path))["accesses"]
    with served.privacy_officer(MUNICIPALITY) as officer:
        municipality = done(officer.get(path))["accesses"]

    assert {one["employee"] for one in region} == {DOCTOR}
    assert NURSE in {one["employee"] for one in municipality}
    assert {one["giver"]["hsa_id"] for one in municipality} == {MUNICIPALITY}


def test_staff_at_work_read_no_log(nurse: httpx2.Client, draft: PlanAtHand) -> None:
    problem(nurse.get(f"/api/v1/persons/{draft.now['person_id']}/access-log"), 403)


def test_a_long_log_is_read_a_page_at_a_time(served: County, nurse: httpx2.Client, draft: PlanAtHand) -> None:
    person = draft.now["person_id"]
    for _ in range(105):
        nurse.get(f"/api/v1/persons/{person}")
    with served.resident(person) as resident:
        first = done(resident.get(f"/api/v1/persons/{person}/access-log"))
        second = done(resident.get(first["next"]))

    assert len(first["accesses"]) == 100
    assert second["accesses"][0]["at"] <= first["accesses"][-1]["at"]
    assert second["next"] is None
