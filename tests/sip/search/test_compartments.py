"""Searching within one person's compartment."""

import httpx2
import pytest

from tests.sip.harness import OTHER_DOCTOR, County, patient
from tests.sip.search.asking import bundle, created, goal, link, matches


def test_a_compartment_holds_one_person_s_resources_of_a_type(
    served: County, nurse: httpx2.Client, person: str, goals: list[str]
) -> None:
    other = created(nurse, patient(next(served.numbers)))
    created(nurse, goal(other, 1))
    assert set(matches(bundle(nurse, f"{person}/Goal"))) == set(goals)
    assert matches(bundle(nurse, f"{person}/Goal?identifier=urn:goal|1")) == [goals[1]]
    assert matches(bundle(nurse, f"{person}/Goal?patient={other}")) == []
    answer = nurse.post(f"/fhir/{person}/Goal/_search", data={"start-date": "2026-11-02"})
    assert matches(answer.json()) == [goals[1]]
    assert link(answer.json(), "self") == f"{person}/Goal?start-date=2026-11-02"


def test_a_compartment_of_somebody_hidden_is_as_empty_as_one_of_nobody(
    served: County, person: str, goals: list[str]
) -> None:
    with served.staff(OTHER_DOCTOR) as foreign:
        assert goals
        for one in (person, "Patient/nobody"):
            assert foreign.get(f"/fhir/{one}/Goal").json().get("entry", []) == []


@pytest.mark.parametrize("path", ["Patient/1/Organization", "Practitioner/1/Task", "Patient/1/Medication"])
def test_what_is_no_compartment_here_is_refused(nurse: httpx2.Client, path: str) -> None:
    answer = nurse.get(f"/fhir/{path}")
    assert answer.status_code == 404
    assert answer.json()["issue"][0]["code"] == "not-supported"
