"""Whom a successor takes over: who is named goes there, the rest by shares, and the same way each time."""

from hypothesis import given, settings
from hypothesis import strategies as st

from services.sip.domain.care.contact.sharing_out import Successor, shared_out

people = st.lists(st.integers(0, 400).map("p{}".format), unique=True, max_size=60)
shares = st.lists(st.integers(0, 5), min_size=1, max_size=5)


@settings(max_examples=60, deadline=None)
@given(people, shares, st.data())
def test_everybody_has_one_successor_and_nobody_takes_a_person_more_than_the_share(
    persons: list[str], parts: list[int], data: st.DataObject
) -> None:
    named = [
        frozenset(data.draw(st.sets(st.sampled_from(persons), max_size=3)) if persons else ()) for _ in parts
    ]
    successors = [Successor(f"e{n}", "u", part, named[n]) for n, part in enumerate(parts)]

    given_to = shared_out(persons, successors)

    rest = [one for one in persons if not any(one in names for names in named)]
    assert set(given_to) == (set(persons) if sum(parts) else set(persons) - set(rest))
    for person in persons:
        if person not in rest:
            assert person in given_to[person].persons
    for one in successors:
        taken = sum(given_to.get(person) == one for person in rest)
        fair = len(rest) * one.share / sum(parts) if sum(parts) else 0
        assert abs(taken - fair) <= max(1.0, len(parts) / 2)
    assert shared_out(persons[::-1], successors) == given_to


def test_shares_are_kept_to_the_person_where_they_come_out_even() -> None:
    successors = [Successor("a", "u", 2), Successor("b", "u", 1), Successor("c", "u", 0, frozenset({"p0"}))]

    given_to = shared_out([f"p{n}" for n in range(10)], successors)

    assert [sum(one.employee == who for one in given_to.values()) for who in "abc"] == [6, 3, 1]


def test_without_shares_only_those_named_are_moved() -> None:
    assert set(shared_out(["p1", "p2"], [Successor("a", "u", 0, frozenset({"p2"}))])) == {"p2"}
