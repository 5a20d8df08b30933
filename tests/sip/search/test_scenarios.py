"""What search does beside finding: strict and lenient, compartments, pages, totals, and less than whole resources."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlparse

import httpx2
import pytest

from tests.sip.harness import BASE, NURSE, OTHER_DOCTOR, County, patient
from tests.sip.search.asking import bundle, created, included, issue, link, matches, used

Json = dict[str, Any]
NARRATIVE = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Mål</div>'}


def goal(person: str, place: int, **more: Any) -> Json:
    return {
        "resourceType": "Goal", "lifecycleStatus": "proposed", "description": {"text": f"Mål {place}"},
        "subject": {"reference": person}, "identifier": [{"system": "urn:goal", "value": str(place)}],
        "startDate": f"2026-11-{place + 1:02}", **more,
    }  # fmt: skip


@pytest.fixture
def person(served: County, nurse: httpx2.Client) -> str:
    return created(nurse, patient(next(served.numbers)))


@pytest.fixture
def goals(nurse: httpx2.Client, person: str) -> list[str]:
    return [created(nurse, goal(person, place)) for place in range(7)]


# ---- what is not declared


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


# ---- compartments


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


# ---- pages


def walked(client: httpx2.Client, address: str) -> Iterator[Json]:
    """Give each page, going on when the next is asked for."""
    following: str | None = address
    while following:
        found = bundle(client, following)
        yield found
        following = link(found, "next")


@pytest.mark.parametrize(
    "sort", ["", "&_sort=_lastUpdated", "&_sort=start-date", "&_sort=-start-date,_id", "&_sort=_id"]
)
def test_what_is_not_changed_appears_once_though_others_change_between_pages(
    served: County, nurse: httpx2.Client, person: str, goals: list[str], sort: str
) -> None:
    seen: list[str] = []
    changed = [goals[1], goals[3], goals[6]]
    for place, page in enumerate(walked(nurse, f"Goal?patient={person}&_count=2{sort}")):
        seen += matches(page)
        if place < len(changed):
            before = nurse.get(f"/fhir/{changed[place]}")
            moved = before.json() | {"startDate": f"2026-12-{28 - place}"}
            answer = nurse.put(
                f"/fhir/{changed[place]}", json=moved, headers={"If-Match": before.headers["etag"]}
            )
            assert answer.status_code == 200, answer.text
            created(nurse, goal(person, place + 10))
    assert [seen.count(one) for one in goals if one not in changed] == [1] * 4
    assert all(seen.count(one) <= 1 for one in seen)


def test_pages_follow_keys_and_each_says_where_the_first_is(
    nurse: httpx2.Client, person: str, goals: list[str]
) -> None:
    pages = list(walked(nurse, f"Goal?patient={person}&_count=3&_sort=start-date"))
    assert [matches(one) for one in pages] == [goals[:3], goals[3:6], goals[6:]]
    assert [bool(link(one, "next")) for one in pages] == [True, True, False]
    assert matches(bundle(nurse, link(pages[2], "first") or "")) == goals[:3]


def test_a_page_shows_nothing_that_somebody_else_may_not_see(
    served: County, nurse: httpx2.Client, person: str
) -> None:
    for place in range(3):
        created(nurse, goal(person, place))
    following = link(bundle(nurse, f"Goal?patient={person}&_count=1"), "next")
    with served.staff(OTHER_DOCTOR) as foreign:
        assert matches(bundle(foreign, following or "")) == []


def test_a_page_of_another_order_is_refused(nurse: httpx2.Client, person: str, goals: list[str]) -> None:
    assert goals
    following = link(bundle(nurse, f"Goal?patient={person}&_count=2&_sort=start-date"), "next") or ""
    answer = nurse.get("/fhir/" + following.replace("_sort=start-date", "_sort=start-date%2C_lastUpdated"))
    assert issue(answer)[0] == 400
    assert "_page" in issue(answer)[2]


# ---- totals, and how much is shown


def test_a_total_is_counted_when_asked_for_and_known_when_all_is_on_one_page(
    nurse: httpx2.Client, person: str, goals: list[str]
) -> None:
    here = f"Goal?patient={person}"
    assert bundle(nurse, here)["total"] == len(goals)
    assert "total" not in bundle(nurse, f"{here}&_count=3")
    assert bundle(nurse, f"{here}&_count=3&_total=accurate")["total"] == len(goals)
    assert "total" not in bundle(nurse, f"{here}&_total=none")


@pytest.mark.parametrize("asked", ["_count=0", "_summary=count"])
def test_a_count_alone_shows_nothing_else(
    nurse: httpx2.Client, person: str, goals: list[str], asked: str
) -> None:
    found = bundle(nurse, f"Goal?patient={person}&{asked}")
    assert (found["total"], "entry" in found) == (len(goals), False)


@pytest.mark.parametrize(
    ("asked", "shown", "hidden"),
    [
        (
            "_summary=true",
            {"lifecycleStatus", "description", "subject", "startDate"},
            {"text", "note"},
        ),
        ("_summary=text", {"text", "lifecycleStatus", "description", "subject"}, {"note", "startDate"}),
        ("_summary=data", {"note", "startDate", "identifier"}, {"text"}),
        (
            "_elements=startDate",
            {"startDate", "lifecycleStatus", "description"},
            {"text", "note", "identifier"},
        ),
        ("_elements=Goal.note,identifier", {"note", "identifier", "subject"}, {"text", "startDate"}),
    ],
)
def test_less_than_the_whole_is_marked_as_such(
    nurse: httpx2.Client, person: str, asked: str, shown: set[str], hidden: set[str]
) -> None:
    created(nurse, goal(person, 1, text=NARRATIVE, note=[{"text": "x"}]))
    resource = bundle(nurse, f"Goal?patient={person}&{asked}")["entry"][0]["resource"]
    assert shown <= resource.keys()
    assert not hidden & resource.keys()
    assert resource["meta"]["tag"][-1]["code"] == "SUBSETTED"
    assert {"resourceType", "id"} <= resource.keys()


@pytest.mark.parametrize(
    "kind", ["StructureDefinition", "ValueSet", "CodeSystem", "Measure", "Questionnaire"]
)
@pytest.mark.parametrize("asked", ["_summary=true", "_summary=text", "_summary=data", "_elements=url"])
def test_what_is_published_can_be_shown_in_part_too(nurse: httpx2.Client, kind: str, asked: str) -> None:
    for entry in bundle(nurse, f"{kind}?{asked}&_count=5").get("entry", ()):
        assert "status" in entry["resource"]
        assert ("name" in entry["resource"]) is (
            asked in {"_summary=true", "_summary=data"} or kind[:3] == "Str"
        )


def test_the_whole_is_not_marked(nurse: httpx2.Client, person: str, goals: list[str]) -> None:
    assert goals
    for asked in ("", "&_summary=false"):
        resource = bundle(nurse, f"Goal?patient={person}{asked}")["entry"][0]["resource"]
        assert "tag" not in resource["meta"]


# ---- what comes along


def test_what_comes_along_is_counted_by_neither_count_nor_total(
    nurse: httpx2.Client, person: str, goals: list[str]
) -> None:
    found = bundle(nurse, f"Goal?patient={person}&_count=2&_include=Goal:patient&_total=accurate")
    assert (len(matches(found)), included(found), found["total"]) == (2, {person}, len(goals))


def test_what_the_caller_may_not_see_neither_matches_nor_comes_along(
    served: County, nurse: httpx2.Client, person: str
) -> None:
    with served.staff(OTHER_DOCTOR) as foreign:
        mine = created(nurse, goal(person, 1))
        theirs = created(foreign, goal(person, 2))
        assert theirs
        assert included(bundle(nurse, f"Patient?_id={person.split('/')[1]}&_revinclude=Goal:patient")) == {
            mine
        }
        for asked in ("_has:Goal:patient:identifier=urn:goal|2", "_has:Goal:subject:start-date=2026-11-03"):
            assert matches(bundle(nurse, f"Patient?_id={person.split('/')[1]}&{asked}")) == []
        with served.staff(NURSE, scope="user/Goal.rs") as narrow:
            assert included(bundle(narrow, f"Goal?_id={mine.split('/')[1]}&_include=Goal:patient")) == set()
            answer = narrow.get("/fhir/Goal?patient:Patient.family=Tolvansson")
            assert answer.status_code == 403


def test_links_stay_below_the_public_address(nurse: httpx2.Client, person: str, goals: list[str]) -> None:
    assert goals
    for one in bundle(nurse, f"{person}/Goal?_count=2")["link"]:
        assert urlparse(one["url"])[:3] == ("https", "samplan.test", f"/fhir/{person}/Goal")
