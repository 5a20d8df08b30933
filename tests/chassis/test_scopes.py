"""What a granted scope covers, and above all what it does not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.scopes import allows

LETTERS = "cruds"
LEVELS = st.sampled_from(["patient", "user", "system"])
TYPES = st.sampled_from(["CarePlan", "Task", "Subscription", "event", "right-to-know"])
LETTER: Any = st.sampled_from(LETTERS)
SUBSET = st.sets(st.sampled_from(LETTERS), min_size=1).map(
    lambda some: "".join(c for c in LETTERS if c in some)
)


@given(LEVELS, TYPES, SUBSET, LETTER)
def test_a_scope_grants_exactly_the_letters_it_names(level: str, kind: str, letters: str, asked: Any) -> None:
    assert allows((f"{level}/{kind}.{letters}",), kind, asked) == (asked in letters)


@given(LEVELS, TYPES, TYPES, LETTER)
def test_a_scope_grants_nothing_on_another_type(level: str, kind: str, other: str, asked: Any) -> None:
    assert allows((f"{level}/{kind}.cruds",), other, asked) == (kind == other)


@given(LEVELS, LETTER)
def test_a_star_covers_every_fhir_type_but_none_of_our_own_resources(level: str, asked: Any) -> None:
    assert allows((f"{level}/*.cruds",), "CarePlan", asked)
    assert not allows((f"{level}/*.cruds",), "event", asked)


@given(st.lists(st.text(max_size=40)), TYPES, LETTER)
def test_whatever_a_token_says_besides_grants_nothing(noise: list[str], kind: str, asked: Any) -> None:
    assert not allows(tuple(noise), kind, asked)


@given(st.lists(st.tuples(LEVELS, TYPES, SUBSET).map(lambda it: f"{it[0]}/{it[1]}.{it[2]}")), TYPES, LETTER)
def test_scopes_add_up_and_never_take_away(scopes: list[str], kind: str, asked: Any) -> None:
    one_alone = any(allows((scope,), kind, asked) for scope in scopes)

    assert allows(tuple(scopes), kind, asked) == one_alone


@pytest.mark.parametrize(("version_1", "letters"), [("read", "rs"), ("write", "cud"), ("*", "cruds")])
def test_version_1_permissions_mean_what_smart_says(version_1: str, letters: str) -> None:
    granted = "".join(c for c in "cruds" if allows((f"user/Task.{version_1}",), "Task", c))  # type: ignore[arg-type]

    assert sorted(granted) == sorted(letters)


@pytest.mark.parametrize(
    "scope",
    [
        "system/Task.sr",  # letters out of order
        "system/Task.",
        "system/Task.rr",
        "system/Task.readwrite",
        "system/Task.r\n",
        "System/Task.r",
        "system/.r",
        "system/Task.rs?status=active",
        " system/Task.r",
        "system/Task",
        "launch/patient",
        "openid",
    ],
)
def test_a_malformed_or_narrowed_scope_grants_nothing(scope: str) -> None:
    assert not allows((scope,), "Task", "r")
