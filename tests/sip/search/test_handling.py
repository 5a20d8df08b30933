"""A parameter that is not declared: refused, or under lenient handling left out and named."""

import httpx2
import pytest

from tests.sip.harness import BASE
from tests.sip.search.asking import bundle, issue, link, matches, used


@pytest.mark.parametrize("prefer", [{}, {"Prefer": "handling=strict"}, {"Prefer": "return=minimal"}])
@pytest.mark.parametrize(
    "name", ["colour", "colour:missing", "status", "subject:Patient.colour", "_text", "_content"]
)
def test_a_parameter_that_is_not_declared_is_refused_by_name(
    nurse: httpx2.Client, prefer: dict[str, str], name: str
) -> None:
    status, code, text = issue(nurse.get("/fhir/Goal", params={name: "red"}, headers=prefer))
    assert (status, code) == (400, "not-supported")
    assert repr(name.rpartition(".")[2].partition(":")[0]) in text


def test_under_lenient_handling_it_is_left_out_and_named(
    nurse: httpx2.Client, person: str, goals: list[str]
) -> None:
    found = bundle(nurse, f"Goal?colour=red&patient={person}&shape=round", Prefer="handling=lenient")
    assert set(matches(found)) == set(goals)
    assert used(found) == [("patient", person)]
    outcomes = [one for one in found["entry"] if one["search"]["mode"] == "outcome"]
    assert [one["resource"]["resourceType"] for one in outcomes] == ["OperationOutcome"]
    told = [one["details"]["text"] for one in outcomes[0]["resource"]["issue"]]
    assert ["'colour'" in told[0], "'shape'" in told[1]] == [True, True]
    assert {one["severity"] for one in outcomes[0]["resource"]["issue"]} == {"warning"}


def test_lenient_handling_forgives_no_value_that_cannot_be_read(nurse: httpx2.Client) -> None:
    answer = nurse.get("/fhir/Goal?start-date=soon", headers={"Prefer": "handling=lenient"})
    assert issue(answer)[:2] == (400, "value")


def test_self_says_what_was_used_and_answers_the_same_again(
    nurse: httpx2.Client, person: str, goals: list[str]
) -> None:
    asked = {"patient": person, "start-date": "ge2026-11-03", "_sort": "-start-date", "_count": "3"}
    answer = nurse.get("/fhir/Goal", params=asked)
    assert used(answer.json()) == [*asked.items()]
    assert answer.json()["link"][0]["url"].startswith(f"{BASE}/fhir/Goal?")
    again = bundle(nurse, link(answer.json(), "self") or "")
    assert matches(again) == matches(answer.json()) == goals[:3:-1]


def test_a_search_by_post_reads_both_its_form_and_its_address(
    nurse: httpx2.Client, person: str, goals: list[str]
) -> None:
    answer = nurse.post(f"/fhir/Goal/_search?patient={person}", data={"identifier": "urn:goal|3"})
    assert matches(answer.json()) == [goals[3]]
    assert sorted(used(answer.json())) == [("identifier", "urn:goal|3"), ("patient", person)]
