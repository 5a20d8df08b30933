"""Primitive formats, at their edges."""

from calendar import monthrange
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema_rs import validator_for

from services.sip.domain.shape import shape_issues
from services.sip.domain.shape.primitives import PRIMITIVES

GOOD: dict[str, list[Any]] = {
    "date": ["0001", "2026", "2026-02", "2024-02-29", "2000-02-29", "2026-12-31", "9999-12-31"],
    "dateTime": [
        "2026",
        "2026-11",
        "2026-11-22",
        "2026-11-22T00:00:00Z",
        "2026-11-22T23:59:59.999999999+14:00",
        "2026-11-22T09:30:00-00:00",
    ],
    "instant": ["2026-11-22T09:30:00Z", "2026-11-22T09:30:00.1+01:00"],
    "time": ["00:00:00", "23:59:59.5"],
    "id": ["a", "A-1.b", "x" * 64],
    "code": ["a", "two words", "åäö", "<="],
    "uri": ["a", "urn:oid:1.2", "http://x/?a=b#c", "mailto:a@b"],
    "url": ["http://x", "mailto:a@b", "Patient/1", "/a", "#a", "ftp://x/y"],
    "oid": ["urn:oid:1.2.3", "urn:oid:2.0"],
    "uuid": ["urn:uuid:0b3d0b7e-7a9a-1c52-9a84-0f6d1f3f2a11"],
    "string": ["x", " x ", "\u00a0x", "rad\nrad", "a\u2028b", "😀"],
    "base64Binary": ["AAAA", "AA==", "AAA=", "AAAA AAAA", "AAAA\r\nAAA="],
    "decimal": [0, -1, 1.5, 1e300, 2**64],
    "integer": [-(2**31), 2**31 - 1],
    "positiveInt": [1, 2**31 - 1],
    "unsignedInt": [0],
    "mime": ["text/plain", "application/fhir+json; fhirVersion=4.0", "image/*", "text/html;charset=utf-8"],
    "language": ["sv", "sv-SE", "i-klingon", "zh-Hans-CN"],
    "currency": ["SEK"],
    "elementId": ["1", "a b".replace(" ", "_")],
}
BAD: dict[str, list[Any]] = {
    "date": [
        *("", "26", "0000", "2026-00", "2026-13", "2026-1-1", "2026-02-30", "2026-02-31", "2026-04-31"),
        *(
            "2025-02-29",
            "1900-02-29",
            "2100-02-29",
            "2026-11-22T09:30:00Z",
            "2026-11-22\n",
            " 2026",
            "\uff12026",
        ),
    ],
    "dateTime": [
        *("2026-11-22T09:30:00", "2026-11-22T09:30Z", "2026-11-22T24:00:00Z", "2026-02-29T09:30:00Z"),
        *(
            "2026-11-22T09:30:00+14:01",
            "2026-11-22T09:30:00+1:00",
            "2026-11-22 09:30:00Z",
            "2026-11T09:30:00Z",
        ),
        # R4 allows a leap second; we do not, because clocks and databases cannot keep it.
        *("2016-12-31T23:59:60Z", "2026-11-22T09:30:00.Z", "2026-11-22T09:30:00z"),
    ],
    "instant": ["2026", "2026-11-22", "2026-11-22T09:30:00", "2026-06-31T09:30:00Z"],
    "time": ["9:30:00", "09:30", "24:00:00", "09:30:00Z", "09:60:00"],
    "id": ["", "x" * 65, "a b", "a/b", "å", "a_b"],
    "code": ["", " a", "a ", "a  b", "a\tb", "a\n"],
    "uri": ["", "a b", "http://x/\n", "\t"],
    "url": ["", "a b", "?a", "://x"],
    "oid": ["1.2.3", "urn:oid:3.1", "urn:oid:1.02", "urn:oid:1."],
    "uuid": [
        "0b3d0b7e-7a9a-4c52-9a84-0f6d1f3f2a11",
        "urn:uuid:0B3D0B7E-7A9A-4C52-9A84-0F6D1F3F2A11",
        "urn:uuid:1",
    ],
    "string": ["", " ", "\n\t", "\u00a0", "\u2028", "a\x00", "\x1b[31m", "a\x0b"],
    "base64Binary": ["", "A", "AA", "AAA", "AAAAA", "A===", "AA=A", "åäöå", "AAAA\u00a0AAAA", "-_-_"],
    "decimal": ["1.5", True],
    "integer": [2**31, -(2**31) - 1, "1", True, 1.5],
    "positiveInt": [0, -1, 2**31],
    "unsignedInt": [-1],
    "mime": ["text", "text/", "/plain", "text/plain;", "text /plain"],
    "language": ["", "sv_SE", "svenska språket", "s"],
    "currency": ["kr", "sek", "SEKK"],
    "elementId": ["", "a b"],
}


def test_every_primitive_has_its_edges_here() -> None:
    text_alike = {"markdown", "xhtml", "canonical", "boolean"}
    assert GOOD.keys() | text_alike == BAD.keys() | text_alike == PRIMITIVES.keys()


@pytest.mark.parametrize("name", GOOD)
def test_what_r4_allows_is_taken(name: str) -> None:
    valid = validator_for(PRIMITIVES[name].schema).is_valid

    assert [value for value in GOOD[name] if not valid(value)] == []


@pytest.mark.parametrize("name", BAD)
def test_what_r4_does_not_allow_is_refused(name: str) -> None:
    valid = validator_for(PRIMITIVES[name].schema).is_valid

    assert [value for value in BAD[name] if valid(value)] == []


IS_DATE = validator_for(PRIMITIVES["date"].schema).is_valid


@settings(max_examples=500)
@given(year=st.integers(0, 9999), month=st.integers(0, 13), day=st.integers(0, 32))
def test_a_date_is_taken_exactly_when_the_calendar_has_it(year: int, month: int, day: int) -> None:
    in_calendar = year >= 1 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]

    assert IS_DATE(f"{year:04}-{month:02}-{day:02}") is in_calendar


@pytest.mark.parametrize("number", [3.0, 1e2])
def test_a_whole_number_has_no_fraction_and_no_exponent(number: float) -> None:
    issues = shape_issues(
        {"resourceType": "Appointment", "status": "waitlist", "priority": number, **ANYBODY}
    )

    assert [(issue.code, issue.expression) for issue in issues] == [("value", "Appointment.priority")]


ANYBODY = {"participant": [{"actor": {"reference": "Patient/a"}, "status": "accepted"}]}


@pytest.mark.parametrize(
    ("given_names", "beside", "codes"),
    [
        (["Anna", None], [None, {"extension": [{"url": "urn:x", "valueString": "x"}]}], []),
        (["Anna"], [{"id": "e1"}], []),
        (None, [{"extension": [{"url": "urn:x", "valueString": "x"}]}], []),
        (["Anna", None], None, ["structure"]),
        (["Anna", None], [None, None], ["structure"]),
        (["Anna", None], [None, {"id": "e1"}], ["structure"]),
        (["Anna"], [None, {"extension": [{"url": "urn:x", "valueString": "x"}]}], ["structure"]),
        (["Anna", "Eva"], [None], ["structure"]),
        (None, [None], ["structure"]),
    ],
)
def test_values_and_their_siblings_keep_in_step(given_names: Any, beside: Any, codes: list[str]) -> None:
    name = {key: value for key, value in (("given", given_names), ("_given", beside)) if value}

    issues = shape_issues({"resourceType": "Patient", "name": [name]})

    assert [issue.code for issue in issues] == codes
