"""The publication rule: what may be said about groups of people to readers who need not say who they are.

Cells of at least 5 persons, rounded to 5, indices only from 20 persons and to 2 decimals, republished only
when at least 5 persons changed. What is kept of a publication is, per cell, the state it was made from; what is
shown is computed from that state alone, so that a stricter rule takes effect on what was already published.

Rounding goes down, not to the nearest: then "absent" (0 to 4) and every shown value (r to r+4) are equally
wide classes, and a change of 5 moves between them without telling where in its class the number lay. Rounded
to the nearest, a cell that goes from "10" to absent would have to hold 3 or 4 now: what must not be told.

A total is the sum of what is shown, and there is none where a part is absent: it can then tell nothing that
its parts do not. A share is computed from two shown counts, those who have and those who have not.

By groups (sex, age, ...) only shares and means are published, never how many they are of: of the same people in two
divisions, counts could be subtracted (all minus women minus men), shares cannot.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from services.sip.measures.cells import Cell, Kind, Number, Spread, kind_of

INDEX_BINS: Final = 100
"""Indices are compared in hundredths: finer than what is shown is of no use, coarser would go stale."""


@dataclass(frozen=True, slots=True)
class PublicationRule:
    """The settings of the rule; ValueError names a combination that would give small groups away."""

    smallest_group: int = 5
    rounded_to: int = 5
    index_group: int = 20
    index_decimals: int = 2
    changed_persons: int = 5

    def __post_init__(self) -> None:
        if min(self.smallest_group, self.rounded_to, self.changed_persons, self.index_decimals) < 1:
            raise ValueError("Every setting of the publication rule is at least 1.")
        if self.smallest_group % self.rounded_to or self.changed_persons % self.rounded_to:
            raise ValueError("smallest_group and changed_persons are whole multiples of rounded_to.")
        if self.index_group < self.smallest_group:
            raise ValueError("index_group is at least smallest_group.")


@dataclass(frozen=True, slots=True)
class State:
    """What a cell held at one time: persons by number (indices in hundredths), and the exact sum."""

    persons: Mapping[int, int] = field(default_factory=dict)
    total: Fraction = Fraction(0)

    @property
    def size(self) -> int:
        """Count the persons."""
        return sum(self.persons.values())


NOBODY: Final = State()


def state_of(cell: Cell, spread: Spread) -> State:
    """Reduce a cell to what a publication keeps of it."""
    scale = INDEX_BINS if kind_of(cell) is Kind.INDEX else 1
    persons: dict[int, int] = {}
    for number, count in spread.items():
        binned = int(number * scale)
        persons[binned] = persons.get(binned, 0) + count
    return State(persons, sum((Fraction(number) * count for number, count in spread.items()), Fraction(0)))


def least_changed(before: State, after: State) -> int:
    """Give the fewest persons who can have entered, left or changed their number between two states.

    One person adds to one number at most and takes from one at most. Who changed is not kept, so people who
    trade places go uncounted: the figure then waits longer than it must, and meanwhile its value is the same.
    """
    steps = [
        after.persons.get(number, 0) - before.persons.get(number, 0)
        for number in before.persons.keys() | after.persons.keys()
    ]
    return max(sum(step for step in steps if step > 0), -sum(step for step in steps if step < 0))


def republished(
    rule: PublicationRule, before: Mapping[Cell, State], now: Mapping[Cell, State]
) -> dict[Cell, State]:
    """Let each cell keep its state until enough persons have changed; a cell not seen before held nobody."""
    after: dict[Cell, State] = {}
    for cell in sorted(before.keys() | now.keys()):
        old, new = before.get(cell, NOBODY), now.get(cell, NOBODY)
        kept = new if least_changed(old, new) >= rule.changed_persons else old
        if kept.persons:
            after[cell] = kept
    return after


def shown(rule: PublicationRule, cell: Cell, state: State) -> Number | None:
    """Give the value that is published of a state; None is a cell that is absent."""
    if kind_of(cell) is not Kind.COUNT:
        enough = state.size >= rule.index_group
        return round(state.total / state.size, rule.index_decimals) if enough else None
    if state.size < rule.smallest_group:
        return None
    return int(state.total) // rule.rounded_to * rule.rounded_to


def shown_total(parts: Iterable[Number | None]) -> Number | None:
    """Add up shown counts; None where one of them is absent."""
    total: Number = 0
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def shown_share(rule: PublicationRule, having: Number | None, lacking: Number | None) -> Fraction | None:
    """Give the share of those who have among all, from two shown counts; None where it may not be told."""
    everybody = shown_total((having, lacking))
    if having is None or everybody is None or everybody < rule.index_group:
        return None
    return round(Fraction(having) / everybody, rule.index_decimals)
