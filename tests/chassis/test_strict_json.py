"""Strict JSON: what is refused and where, and that the quick check agrees with the standard library."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.chassis.strict_json import UnreadableJson, read_json

REFUSED = {
    "an empty body": (b"", "empty", "the whole body"),
    "a blank body": (b" \n\t", "empty", "the whole body"),
    "half a document": (b'{"a": [1, 2', "not JSON", "line 1, column 12"),
    "a broken second line": (b'{\n"a": tru\n}', "not JSON", "line 2"),
    "two documents": (b"{} {}", "not JSON", "line 1"),
    "a trailing comma": (b'{"a": 1,}', "not JSON", "line 1"),
    "a comment": (b'{"a": 1} // note', "not JSON", "line 1"),
    "a raw control character": (b'{"a": "x\ny"}', "not JSON", "line 1"),
    "NaN": (b'{"a": NaN}', "not JSON", "line 1"),
    "Infinity": (b'{"a": -Infinity}', "not JSON", "line 1"),
    "a number beyond a double": (b'{"a": 1e400}', "not JSON", "line 1"),
    "a lone high surrogate": (rb'{"a": "\ud800"}', "not JSON", "line 1"),
    "a lone low surrogate": (rb'{"a": "\udc00x"}', "not JSON", "line 1"),
    "a byte order mark": (b'\xef\xbb\xbf{"a": 1}', "byte order mark", "line 1"),
    "Latin-1": ('{\n"a": "å"}'.encode("latin-1"), "not UTF-8", "line 2, byte 7"),
    "UTF-16": ('{"a": 1}'.encode("utf-16-le"), "not JSON", "line 1"),
    "a surrogate in UTF-8": (b'{"a": "\xed\xa0\x80"}', "not UTF-8", "line 1"),
    "NUL in a text": (rb'{"a": [{"b": "x\u0000y"}]}', "NUL", "a[0].b"),
    "NUL in a name": (rb'{"a": {"b\u0000": 1}}', "NUL", "a"),
    "a name given twice": (b'{"a": [0, {"b": 1, "c": 2, "b": 3}]}', '"b" is given twice', "a[1]"),
    "a name given twice at the top": (b'{"a": 1, "a": 1}', '"a" is given twice', "the top level"),
    "a name given twice, once escaped": (rb'{"a": 1, "\u0061": 1}', '"a" is given twice', "the top level"),
    "a name given twice inside what is given twice": (
        b'{"x": [{"a": {"b": 1, "b": 2}, "a": 1}]}',
        '"a" is given twice',
        "x[0]",
    ),
    "a name given twice beside an endless number": (
        b'{"n": 0.' + b"1" * 5000 + b', "a": 1, "a": 1}',
        '"a" is given twice',
        "the top level",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_body_is_refused_and_told_why_and_where(case: str) -> None:
    raw, why, where = REFUSED[case]

    with pytest.raises(UnreadableJson) as refused:
        read_json(raw)

    assert why in refused.value.text
    assert refused.value.where.startswith(where)


def test_a_body_of_exactly_the_largest_size_is_read_and_one_byte_more_is_not() -> None:
    assert read_json(b'"' + b"x" * 98 + b'"', max_bytes=100) == "x" * 98
    with pytest.raises(UnreadableJson, match="at most 100"):
        read_json(b'"' + b"x" * 99 + b'"', max_bytes=100)


@pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
def test_thirty_two_levels_are_read_and_thirty_three_are_not(opening: bytes, closing: bytes) -> None:
    read_json(opening * 32 + b"1" + closing * 32)
    with pytest.raises(UnreadableJson, match="deeper than 32 levels"):
        read_json(opening * 33 + b"1" + closing * 33)


@pytest.mark.parametrize("levels", [1000, 10_000, 500_000])
def test_a_tower_of_arrays_costs_nothing_but_its_refusal(levels: int) -> None:
    with pytest.raises(UnreadableJson):
        read_json(b"[" * levels + b"]" * levels)


@pytest.mark.parametrize(
    "number", ["9007199254740993", "9223372036854775808", "18446744073709551616", "-1" * 1]
)
def test_large_integers_are_numbers_like_others(number: str) -> None:
    read = read_json(f'{{"a": {number}}}'.encode())

    assert read == {"a": pytest.approx(float(number))}


def test_what_only_looks_like_nul_is_kept() -> None:
    assert read_json(rb'{"a": "\\u0000"}') == {"a": r"\u0000"}


def test_scalars_are_documents_too() -> None:
    assert [read_json(raw) for raw in (b"null", b"true", b'"x"', b"1.5", b"[]", b"{}")] == [
        None,
        True,
        "x",
        1.5,
        [],
        {},
    ]


def spelled_out(text: str) -> str:
    """Write a JSON text with every character as its escape, as some senders do."""
    return '"' + "".join(f"\\u{ord(letter):04x}" for letter in text) + '"'


# Few letters, and those that quoting and escaping turn on, so that coincidences happen.
LETTERS = st.text(alphabet='ab":\\ {}[],\n\u00e5', max_size=3)
TEXTS = st.builds(lambda write, text: write(text), st.sampled_from([json.dumps, spelled_out]), LETTERS)
COLONS = st.sampled_from([":", " : ", " :", ": "])
DOCUMENTS = st.recursive(
    (st.none() | st.booleans() | st.integers(-(2**63), 2**63)).map(json.dumps) | TEXTS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda parts: "[" + ", ".join(parts) + "]"),
        st.lists(st.tuples(TEXTS, COLONS, inner).map("".join), max_size=4).map(
            lambda members: "{" + ",".join(members) + "}"
        ),
    ),
    max_leaves=20,
)


def attempt(raw: bytes) -> tuple[str, object]:
    """Read, or give the text of the refusal."""
    try:
        return "", read_json(raw)
    except UnreadableJson as refused:
        return str(refused), None


@settings(max_examples=400, deadline=None)
@given(text=DOCUMENTS)
def test_a_name_given_twice_is_found_exactly_when_the_standard_library_finds_one(text: str) -> None:
    names_given_twice = False

    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal names_given_twice
        names_given_twice |= len(dict(pairs)) < len(pairs)
        return dict(pairs)

    expected = json.loads(text, object_pairs_hook=look)

    compact = json.dumps(expected, ensure_ascii=False, separators=(",", ":"))

    refused, read = attempt(text.encode())
    assert (refused == "") is not names_given_twice, refused
    assert read == (None if names_given_twice else expected)
    assert attempt(compact.encode()) == ("", expected)


@settings(max_examples=300, deadline=None)
@given(
    raw=st.binary(max_size=60) | st.text(alphabet='{}[]":,\\u0ad8nulltrue1e-. ', max_size=40).map(str.encode)
)
def test_nothing_is_read_that_the_standard_library_cannot_read(raw: bytes) -> None:
    refused, read = attempt(raw)

    assert refused or json.loads(raw) == read
