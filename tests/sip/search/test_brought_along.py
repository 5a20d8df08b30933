"""What comes along with the matches, and what never does."""

from urllib.parse import urlparse

import httpx2

from tests.sip.harness import NURSE, OTHER_DOCTOR, County
from tests.sip.search.asking import bundle, created, goal, included, matches


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
