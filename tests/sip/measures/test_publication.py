"""The publication rule, and the attempt to work out of what is published how many there are in a small group."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sip.measures.cells import COC_INDEX, CONTACT_HELD, CONTACT_LACKED, PLANS, Cell, Number
from services.sip.measures.publication import (
    NOBODY,
    PublicationRule,
    State,
    least_changed,
    republished,
    shown,
    shown_share,
    shown_total,
    state_of,
)
from services.sip.measures.published import states_as_json, states_from_json

RULE = PublicationRule()
ACTIVE = Cell(PLANS.name, ("active", "2180"))
DRAFT = Cell(PLANS.name, ("draft", "2180"))
ELSEWHERE = Cell(PLANS.name, ("active", "2101"))
HELD = Cell(CONTACT_HELD.name, ("2", "2180"))
LACKED = Cell(CONTACT_LACKED.name, ("2", "2180"))
INDEX = Cell(COC_INDEX.name, ("2180",))
COUNTED = (ACTIVE, DRAFT, ELSEWHERE, HELD, LACKED)

People = Mapping[str, Number]
"""Who gives a cell which number: known to us, and to nobody who reads the publication."""
World = Mapping[Cell, People]
Table = dict[str, Number | None]


def spread(people: People) -> dict[Number, int]:
    numbers = list(people.values())
    return {number: numbers.count(number) for number in set(numbers)}


def state(cell: Cell, people: People) -> State:
    return state_of(cell, spread(people))


def persons(count: int, number: Number = 1) -> People:
    return {f"p{index}": number for index in range(count)}


def table(values: Mapping[Cell, Number | None]) -> Table:
    """All that a reader can see at one time: every cell, the totals both ways, and the share."""
    seen: Table = {" ".join((cell.figure, *cell.labels)): values.get(cell) for cell in COUNTED}
    seen["total of the status"] = shown_total([values.get(ACTIVE), values.get(ELSEWHERE)])
    seen["total of the municipality"] = shown_total([values.get(ACTIVE), values.get(DRAFT)])
    seen["total"] = shown_total([values.get(cell) for cell in (ACTIVE, DRAFT, ELSEWHERE)])
    seen["share"] = shown_share(RULE, values.get(HELD), values.get(LACKED))
    return seen


def published_over_time(history: Sequence[World]) -> Iterator[Table]:
    """Publish world after world, as the process does, through what is stored between two publications."""
    states: dict[Cell, State] = {}
    for world in history:
        now = {cell: state(cell, people) for cell, people in world.items() if people}
        states = states_from_json(states_as_json(republished(RULE, states, now)))
        yield table({cell: shown(RULE, cell, kept) for cell, kept in states.items()})


NAMES = [f"q{number}" for number in range(14)]


def some_of(who: int, twice: int) -> People:
    """Draw people by the bits of two numbers, which is much quicker to generate than a dictionary."""
    return {name: 1 + (twice >> bit & 1) for bit, name in enumerate(NAMES) if who >> bit & 1}


bits = st.integers(0, 2 ** len(NAMES) - 1)
people_of_a_cell = st.builds(some_of, bits, bits)
worlds = st.lists(
    st.tuples(*[people_of_a_cell] * len(COUNTED)).map(lambda cells: dict(zip(COUNTED, cells, strict=True))),
    min_size=1,
    max_size=6,
)


@pytest.mark.parametrize(
    ("count", "value"), [(0, None), (1, None), (4, None), (5, 5), (9, 5), (10, 10), (14, 10), (253, 250)]
)
def test_a_cell_is_absent_below_five_persons_and_in_fives_above(count: int, value: int | None) -> None:
    assert shown(RULE, ACTIVE, state(ACTIVE, persons(count))) == value


def test_it_is_persons_who_make_a_cell_large_enough_and_not_their_plans() -> None:
    assert shown(RULE, ACTIVE, state(ACTIVE, persons(4, number=3))) is None
    assert shown(RULE, ACTIVE, state(ACTIVE, persons(6, number=2))) == 10


def test_an_index_needs_twenty_persons_and_has_two_decimals() -> None:
    assert shown(RULE, INDEX, state(INDEX, persons(19, Fraction(1, 3)))) is None
    assert shown(RULE, INDEX, state(INDEX, persons(20, Fraction(1, 3)))) == Fraction(33, 100)


def test_a_share_needs_both_sides_and_twenty_persons() -> None:
    assert shown_share(RULE, 660, 540) == Fraction(55, 100)
    assert shown_share(RULE, 660, None) is None
    assert shown_share(RULE, None, 540) is None
    assert shown_share(RULE, 5, 10) is None
    assert shown_share(RULE, 10, 10) == Fraction(1, 2)


def test_a_total_goes_with_its_smallest_part() -> None:
    assert shown_total([5, 10]) == 15
    assert shown_total([5, None]) is None


def published_with(count: int, before: int) -> int | None:
    states = republished(RULE, {}, {ACTIVE: state(ACTIVE, persons(before))})
    states = republished(RULE, states, {ACTIVE: state(ACTIVE, persons(count))})
    value = shown(RULE, ACTIVE, states.get(ACTIVE, NOBODY))
    return None if value is None else int(value)


@pytest.mark.parametrize(
    ("before", "count", "value"),
    [
        (52, 56, 50),
        (52, 57, 55),
        (55, 51, 55),
        (55, 50, 50),
        (4, 5, 5),
        (7, 3, 5),
        (7, 2, None),
        (9, 4, None),
    ],
)
def test_a_cell_is_published_anew_only_when_five_persons_changed(
    before: int, count: int, value: int | None
) -> None:
    assert published_with(count, before) == value


def test_a_cell_that_vanished_waits_for_five_persons_to_return() -> None:
    states: dict[Cell, State] = {}
    seen = []
    for count in (9, 4, 8, 9):
        states = republished(RULE, states, {ACTIVE: state(ACTIVE, persons(count))})
        seen.append(shown(RULE, ACTIVE, states[ACTIVE]))

    assert seen == [5, None, None, 5]


def test_people_whose_number_changed_count_as_changed() -> None:
    before, after = persons(20, Fraction(1, 2)), {**persons(20, Fraction(1, 2)), **persons(5, Fraction(1))}

    assert least_changed(state(INDEX, before), state(INDEX, after)) == 5


@given(before=people_of_a_cell, after=people_of_a_cell)
def test_never_more_persons_are_taken_as_changed_than_truly_are(before: People, after: People) -> None:
    truly = sum(before.get(one) != after.get(one) for one in before.keys() | after.keys())

    assert least_changed(state(ACTIVE, before), state(ACTIVE, after)) <= truly


@settings(max_examples=300)
@given(history=worlds)
def test_two_publications_of_a_cell_lie_at_least_five_persons_apart(history: list[World]) -> None:
    states: dict[Cell, State] = {}
    last: dict[Cell, People] = {}
    for world in history:
        before = states
        now = {cell: state(cell, people) for cell, people in world.items() if people}
        states = republished(RULE, states, now)
        for cell, people in world.items():
            if states.get(cell, NOBODY) != before.get(cell, NOBODY):
                earlier = last.get(cell, {})
                changed = sum(earlier.get(one) != people.get(one) for one in earlier.keys() | people.keys())
                assert changed >= RULE.changed_persons
                last[cell] = people


def other_world(seen: Table, small: int) -> World:
    """Make up a world in which every absent cell holds `small` persons, that looks like the one seen."""
    world: dict[Cell, People] = {}
    for cell in COUNTED:
        value = seen[" ".join((cell.figure, *cell.labels))]
        world[cell] = persons(small if value is None else int(value) + 4)
    return world


@settings(max_examples=300)
@given(history=worlds, small=st.integers(0, 4))
def test_no_reader_of_all_publications_can_tell_how_many_there_are_in_an_absent_cell(
    history: list[World], small: int
) -> None:
    seen = list(published_over_time(history))
    made_up = [other_world(one, small) for one in seen]

    assert list(published_over_time(made_up)) == seen


ValueOf = Callable[[int], Number | None]


def by_the_rule(count: int) -> Number | None:
    return shown(RULE, ACTIVE, state(ACTIVE, persons(count)))


def to_the_nearest(count: int) -> Number | None:
    return (count + 2) // 5 * 5 if count >= RULE.smallest_group else None


def told_by(step: int, value_of: ValueOf) -> dict[Number | None, set[Number | None]]:
    """Give, for each published value, what may be published once `step` persons came: more than one tells more."""
    after: dict[Number | None, set[Number | None]] = {}
    for count in range(max(0, -step), 60):
        after.setdefault(value_of(count), set()).add(value_of(count + step))
    return {before: values for before, values in after.items() if len(values) > 1}


@pytest.mark.parametrize("step", [5, -5])
def test_that_five_came_or_left_tells_nothing_more_about_how_many_there_were(step: int) -> None:
    assert told_by(step, by_the_rule) == {}


def test_rounded_to_the_nearest_it_would_tell_three_or_four() -> None:
    assert told_by(-5, to_the_nearest)[10] == {None, 5}


def test_a_stricter_rule_takes_effect_on_what_was_already_published() -> None:
    states = republished(RULE, {}, {ACTIVE: state(ACTIVE, persons(9))})

    assert shown(PublicationRule(smallest_group=10), ACTIVE, states[ACTIVE]) is None


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        *(("smallest_group", 4), ("rounded_to", 3), ("rounded_to", 0)),
        *(("changed_persons", 1), ("index_group", 4), ("index_decimals", 0)),
    ],
)
def test_settings_that_would_give_small_groups_away_are_refused(setting: str, value: int) -> None:
    with pytest.raises(ValueError, match=r"rule|rounded_to|index_group"):
        replace(RULE, **{setting: value})


@given(history=worlds)
def test_what_is_stored_between_publications_comes_back_the_same(history: list[World]) -> None:
    states = {cell: state(cell, people) for cell, people in history[0].items()}

    assert states_from_json(states_as_json(states)) == states


def test_a_figure_that_is_no_longer_computed_is_left_behind() -> None:
    stored = b'[{"figure": "former", "labels": ["2180"], "persons": [[1, 9]], "total": "9"}]'

    assert states_from_json(stored) == {}
