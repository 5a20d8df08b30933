"""Whatever a search is asked with, the answer is a page or a 4xx that names the parameter; no operator gets through."""

import re
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from pymongo import MongoClient

from services.sip.domain.errors import BadRequest
from services.sip.domain.resource_types import TYPES, Kind
from services.sip.domain.search_params import PARAMS
from services.sip.domain.search_query import SearchQuery
from services.sip.fhir.search_parsing import understood
from services.sip.storage.search_filter import search_filter
from tests.sip.harness import BASE, County
from tests.sip.search.asking import issue
from tests.sip.search.worlds import START

Json = dict[str, Any]
REGEX_BOMB = "(a+)+$" * 30 + "b"
GARBAGE = (
    "",
    ",",
    "|",
    "||",
    "$",
    "$ne",
    '{"$ne":1}',
    "\\",
    "eq",
    "ge",
    "gt$where",
    REGEX_BOMB,
    "�\u202e",
    "--",
    "'",
    "1e999",
)
STORED = {kind for kind, row in TYPES.items() if row.kind is not Kind.DERIVED}
MODIFIERS = ("", ":exact", ":not", ":contains", ":below", ":text", ":of-type", ":in", ":$ne", ":missing")
LONG = "a" * 10_000
OPERATORS = ("$where", "$ne", "$regex", "$gt", "$expr", "$function")
OURS = {"$and", "$or", "$nor", "$in", "$nin", "$gte", "$lt", "$lte", "$gt", "$ne", "$elemMatch", "$exists"}


def refusal(answer: httpx2.Response, name: str) -> None:
    status, code, text = issue(answer)
    assert status == 400, (name, answer.text)
    assert code in {"value", "too-costly", "too-long", "not-supported"}
    assert name.split(":", maxsplit=1)[0][:40] in text


def keys_in(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for name, inner in node.items():
            yield name
            yield from keys_in(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from keys_in(inner)


@pytest.mark.parametrize("kind", sorted(PARAMS))
def test_garbage_in_any_parameter_is_refused_or_only_ever_compared(kind: str) -> None:
    for name, param in PARAMS[kind].items():
        for asked in ((name + modifier, text) for modifier in MODIFIERS for text in (*GARBAGE, LONG)):
            found = {one for one in keys_in(filter_of(kind, asked)) if one.startswith("$")}
            assert found <= OURS, (param, asked, found)


def filter_of(kind: str, asked: tuple[str, str]) -> Json:
    """Give what would reach the database; nothing when the parameter is refused by its name."""
    try:
        query = understood(SearchQuery(kind), [asked], BASE, START, lenient=False).query
    except BadRequest as refused:
        if asked[0].partition(":")[0] not in refused.told[0].text:
            raise
        return {}
    assert asked[1] != LONG
    return search_filter(query) if kind in STORED else {}


@pytest.mark.parametrize("kind", ["Goal", "Patient", "Observation", "AuditEvent", "Measure", "Organization"])
def test_garbage_over_the_wire_never_breaks_the_server(nurse: httpx2.Client, kind: str) -> None:
    for name in PARAMS[kind]:
        for text in ("\\", "$ne", REGEX_BOMB, "x|y|z|a", "\u202e,,"):
            answer = nurse.get(f"/fhir/{kind}", params={name: text})
            if answer.status_code != 200 and not (kind == "AuditEvent" and answer.status_code == 403):
                refusal(answer, name)


@pytest.mark.parametrize("operator", OPERATORS)
def test_an_operator_as_a_parameter_s_name_is_an_undeclared_parameter(
    nurse: httpx2.Client, operator: str
) -> None:
    for name in (f"status[{operator}]", f"identifier[{operator}]", f"patient[{operator}][]", operator):
        refusal(nurse.get("/fhir/Task", params={name: "1"}), name)


def test_a_value_of_ten_thousand_characters_is_refused_by_name(nurse: httpx2.Client) -> None:
    for name in (
        "identifier",
        "patient",
        "start-date",
        "_sort",
        "_include",
        "_elements",
        "_page",
        "description" * 30,
    ):
        answer = nurse.get("/fhir/Goal", params={name: LONG})
        assert issue(answer)[1] == "too-long"
        refusal(answer, name)


@pytest.mark.parametrize("name", ["identifier", "_include", "start-date"])
def test_a_hundred_repetitions_are_refused_by_name(nurse: httpx2.Client, name: str) -> None:
    answer = nurse.get("/fhir/Goal", params=[(name, "2026")] * 100)
    assert issue(answer)[1] == "too-costly"
    refusal(answer, name)


@pytest.mark.parametrize("name", ["_sort", "_count", "_total", "_summary", "_elements"])
def test_what_can_be_said_once_is_refused_twice(nurse: httpx2.Client, name: str) -> None:
    good = {"_sort": "_id", "_count": "1", "_total": "none", "_summary": "data", "_elements": "id"}[name]
    refusal(nurse.get("/fhir/Goal", params=[(name, good)] * 2), name)


@pytest.mark.parametrize("asked", [
    ("_count", "many"), ("_count", "-1"), ("_count", "1e3"), ("_count", "٣"), ("_sort", "colour"), ("_sort", ""),
    ("_sort", "_id,_id"), ("_total", "all"), ("_summary", "most"), ("_elements", "a.b.c"), ("_elements", "$where"),
    ("_page", "x"), ("_page", "W10"), ("_page", "WzEsMl0"), ("_format", "xml"), ("_include", "Goal"),
    ("_include", "Goal:colour"), ("_include", "Task:owner"), ("_revinclude", "*"),
    ("_revinclude", "AuditEvent:entity"), ("_include:all", "Goal:patient"), ("start-date", "2026-02-30"),
    ("start-date", "2026-13"), ("start-date", "xx2026"), ("start-date", "2026-11-22T25:00:00Z"),
    ("start-date:exact", "2026"), ("identifier", "a|b|c"), ("identifier:of-type", "a|b"),
    ("identifier:in", "urn:unknown"), ("patient:Organization", "1"), ("patient:missing", "perhaps"),
    ("subject.name", "x" * 3000), ("_has:Goal", "x"), ("_has:Task:focus:colour", "x"),
    ("_has:Task:owner:status", "x"), ("_lastUpdated", "yesterday"), ("subject:Patient.birthdate", "x"),
    ("description.name", "x"), ("identifier.value", "x"), ("_id:exact", "1"),
])  # fmt: skip
def test_what_cannot_be_understood_is_refused_by_name(nurse: httpx2.Client, asked: tuple[str, str]) -> None:
    answer = nurse.get("/fhir/Goal", params=[asked])
    assert answer.status_code == 400, answer.text
    told = answer.json()["issue"][0]["details"]["text"]
    assert any(one in told for one in re.split("[:.]", asked[0])), told


def test_a_chain_that_is_too_long_is_refused(nurse: httpx2.Client) -> None:
    name = "part-of." * 5 + "status"
    assert issue(nurse.get("/fhir/Task", params={name: "requested"}))[:2] == (400, "too-costly")
    nested = "_has:Task:part-of:" * 5 + "status"
    assert issue(nurse.get("/fhir/Task", params={nested: "requested"}))[:2] == (400, "too-costly")


def test_a_form_that_is_no_form_is_refused(nurse: httpx2.Client) -> None:
    answer = nurse.post("/fhir/Goal/_search", json={"status": {"$ne": 1}})
    assert answer.status_code == 415
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for body, status in (
        (b"identifier=\xff", 400),
        (b"a=1&" * 300, 400),
        (b"identifier=" + b"a" * 2_000_000, 400),
    ):
        assert nurse.post("/fhir/Goal/_search", content=body, headers=form).status_code == status


def test_pattern_characters_are_plain_text(served: County, nurse: httpx2.Client) -> None:
    for text in (".*", "^Tol", "T.l", "Tolvansson$", "(?i)tol", "[Tt]ol"):
        for name in ("name", "name:contains", "name:exact", "family:contains"):
            answer = nurse.get("/fhir/Practitioner", params={name: text})
            assert answer.status_code in {200, 400}
            assert "entry" not in answer.json()
    with MongoClient[Json](served.mongo_url) as client:
        assert client[served.database].records.count_documents({"type": "Practitioner"}) > 0
