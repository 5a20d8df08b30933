"""Whatever is sent to /api/v1, the answer is a 4xx problem that says what and where, and nothing is stored."""

import json
from typing import Any

import httpx2
import pytest

from tests.sip.api.conftest import PlanAtHand, problem
from tests.sip.harness import County

DEEP = b'{"text":' + b"[" * 10_000 + b"]" * 10_000 + b"}"

BODIES: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 400),
    "no JSON": (b"{not json", 400),
    "a list": (b"[]", 400),
    "a number": (b"7", 400),
    "null": (b"null", 400),
    "NaN": (b'{"text":NaN}', 400),
    "a name twice": (b'{"text":"a","text":"b"}', 400),
    "a NUL character": (b'{"text":"a\\u0000b"}', 400),
    "another control character": (b'{"text":"a\\u0007b"}', 400),
    "half a surrogate pair": (b'{"text":"\\ud800"}', 400),
    "bytes that are no UTF-8": (b'{"text":"\xff"}', 400),
    "10,000 nested lists": (DEEP, 400),
    "5 MB": (b'{"text":"' + b"a" * 5_000_000 + b'"}', 413),
    "too long a text": (b'{"text":"' + b"a" * 9_000 + b'"}', 400),
    "a text of blanks": (b'{"text":"   "}', 400),
    "no text": (b"{}", 400),
    "an operator as a value": (b'{"text":{"$ne":""}}', 400),
    "a number for a text": (b'{"text":1}', 400),
    "a member nobody knows": (b'{"text":"a","colour":"red"}', 400),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_cannot_stand_is_refused_in_words_and_nothing_is_stored(
    served: County, nurse: httpx2.Client, somebody: str, name: str
) -> None:
    body, status = BODIES[name]
    before = served.stored()
    answer = nurse.post(f"{somebody}/needs", content=body, headers={"Content-Type": "application/json"})
    problem(answer, status)
    assert served.stored() == before


@pytest.mark.parametrize(
    "media", ["text/plain", "application/fhir+json", "application/x-www-form-urlencoded"]
)
def test_a_body_of_another_kind_is_refused(nurse: httpx2.Client, somebody: str, media: str) -> None:
    answer = nurse.post(f"{somebody}/needs", content=b'{"text":"a"}', headers={"Content-Type": media})
    problem(answer, 415)


PLANS: dict[str, tuple[dict[str, Any], str]] = {
    "no title": ({}, "/title"),
    "a kind nobody knows": ({"title": "P", "kind": "vip"}, "/kind"),
    "an intervention nobody answers for": (
        {"title": "P", "interventions": [{"text": "x"}]},
        "/interventions/0/responsible_unit",
    ),
    "an operator as a unit": (
        {"title": "P", "team": [{"unit": {"$gt": ""}}]},
        "/team/0/unit",
    ),
    "a date as seconds": ({"title": "P", "follow_up_on": 1_900_000_000}, "/follow_up_on"),
    "a date with a time": ({"title": "P", "follow_up_on": "2030-01-01T00:00:00Z"}, "/follow_up_on"),
    "a day that is none": ({"title": "P", "follow_up_on": "2030-02-30"}, "/follow_up_on"),
    "both an answer and none": (
        {"title": "P", "what_matters": {"text": "x", "declined": True}},
        "/what_matters",
    ),
    "a word for a yes": ({"title": "P", "nothing_by_others": "yes"}, "/nothing_by_others"),
    "others doing something and nothing": (
        {"title": "P", "nothing_by_others": True, "actions_by_others": [{"text": "x", "who": "y"}]},
        "",
    ),
    "a path for an id": ({"title": "P", "need_ids": ["../Patient/1"]}, "/need_ids/0"),
    "a member of a member": ({"title": "P", "goals": [{"text": "x", "status": "active"}]}, "/goals/0/status"),
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_that_is_not_understood_is_told_where(
    served: County, nurse: httpx2.Client, somebody: str, name: str
) -> None:
    plan, where = PLANS[name]
    before = served.stored()
    told = problem(nurse.post(f"{somebody}/plans", json=plan), 400)

    assert told["violations"][0]["where"] == where
    assert served.stored() == before


def test_what_was_sent_is_never_repeated_in_the_answer(nurse: httpx2.Client) -> None:
    secret = "19121212-1213"
    for body in (
        {"personal_number": secret, "x": secret},
        {"personal_number": secret[:-1] + "0"},
        {"personal_number": [secret]},
    ):
        answer = nurse.post("/api/v1/persons/search", json=body)
        problem(answer, 400)
        assert secret[:6] not in answer.text


CALLS: dict[str, tuple[str, str, Any]] = {
    "a status nobody knows": ("GET", "/api/v1/plans?status=$ne", None),
    "a page that was never given": ("GET", "/api/v1/plans?next=abc", None),
    "too large a page": ("GET", "/api/v1/plans?count=1000000", None),
    "a day that is none": ("GET", "{person}/contacts?as-of=2026-13-01", None),
    "a path in an id": ("GET", "/api/v1/plans/..%2f..%2fx", None),
    "an id too long": ("GET", "/api/v1/plans/" + "a" * 65, None),
    "a meeting without time zone": (
        "POST",
        "{person}/calls",
        {"units": ["SE9999990001-1E01"], "question": "?", "meeting_at": "2030-01-01T10:00:00"},
    ),
    "consent to nobody": ("POST", "{person}/consents", {"until": "2030-01-01", "form": "oral"}),
    "consent to some and to all": (
        "POST",
        "{person}/consents",
        {"until": "2030-01-01", "form": "oral", "all_parties": True, "units": ["SE9999990001-1E01"]},
    ),
    "a contact of no kind": (
        "POST",
        "{person}/contacts",
        {"kind": "vän", "employee": "SE1", "unit": "SE1", "reason": "first"},
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_is_not_understood_is_a_problem(
    served: County, nurse: httpx2.Client, somebody: str, name: str
) -> None:
    method, path, body = CALLS[name]
    before = served.stored()
    answer = nurse.request(method, path.format(person=somebody), json=body)

    assert answer.status_code in {400, 404}, answer.text
    problem(answer, answer.status_code)
    assert served.stored() == before


def test_ids_that_name_another_kind_of_thing_lead_nowhere(nurse: httpx2.Client, draft: PlanAtHand) -> None:
    goal = draft.now["goals"][0]["id"]

    problem(nurse.get(f"/api/v1/plans/{goal}"), 404)
    problem(nurse.post(f"/api/v1/consents/{goal}/withdrawal"), 404)


def test_a_body_is_read_the_same_however_it_is_spelt(nurse: httpx2.Client, somebody: str) -> None:
    spelt = json.dumps({"text": "Åsa behöver stöd"}).encode()
    answer = nurse.post(
        f"{somebody}/needs",
        content=spelt,
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    assert answer.status_code == 201
    assert answer.json()["text"] == "Åsa behöver stöd"
