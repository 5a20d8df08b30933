"""Totals, and less than whole resources."""

import httpx2
import pytest

from tests.sip.search.asking import bundle, created, goal

NARRATIVE = {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Mål</div>'}


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
