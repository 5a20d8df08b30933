"""What the report may say: the published states, month by month, read by the publication rule and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import sqrt
from typing import Final

from services.sip.measures.cells import Cell, Figure, Number
from services.sip.measures.publication import (
    INDEX_BINS,
    PublicationRule,
    State,
    shown,
    shown_share,
    shown_total,
)

States = Mapping[Cell, State]
DECIMALS: Final = 2


@dataclass(frozen=True, slots=True)
class Edition:
    """What was published at the end of one month (or last so far), as `2026-11`."""

    month: str
    states: States
    rule: PublicationRule = field(default_factory=PublicationRule)

    def value(self, cell: Cell) -> Number | None:
        """Give what is shown of a cell; None is absent."""
        state = self.states.get(cell)
        return None if state is None else shown(self.rule, cell, state)

    def mean(self, figure: Figure, *labels: str, way: str = "") -> float | None:
        """Give the mean that is shown at a place, or of a group there."""
        value = self.value(_cell(figure, labels, way))
        return None if value is None else float(value)

    def persons(self, figure: Figure, *labels: str) -> int | None:
        """Give how many an index is of, in fives; None below what an index needs."""
        state = self.states.get(Cell(figure.name, labels))
        if state is None or state.size < self.rule.index_group:
            return None
        return state.size // self.rule.rounded_to * self.rule.rounded_to

    def share(self, having: Figure, lacking: Figure, *labels: str, way: str = "") -> float | None:
        """Give the share that is shown at a place, or of a group there."""
        share = shown_share(self.rule, *(self.value(_cell(one, labels, way)) for one in (having, lacking)))
        return None if share is None else float(share)

    def share_of_all(self, having: Figure, lacking: Figure, own: str, places: Sequence[str]) -> float | None:
        """Give the share of several places together; absent where a part of it is."""
        totals = [
            shown_total(self.value(Cell(one.name, (own, place))) for place in places)
            for one in (having, lacking)
        ]
        share = shown_share(self.rule, *totals)
        return None if share is None else float(share)

    def base(self, having: Figure, lacking: Figure, *labels: str) -> int | None:
        """Give how many a share is of, in fives."""
        total = shown_total([self.value(Cell(one.name, labels)) for one in (having, lacking)])
        return None if total is None else int(total)

    def mean_of_all(self, figure: Figure, places: Sequence[str]) -> float | None:
        """Give the mean over several places, weighed by how many each is of; absent where all are."""
        parts = [
            (mean, persons)
            for place in places
            if (mean := self.mean(figure, place)) is not None and (persons := self.persons(figure, place))
        ]
        weight = sum(persons for _, persons in parts)
        return sum(mean * persons for mean, persons in parts) / weight if weight else None

    def spread_of(self, figure: Figure, cells: Sequence[tuple[str, ...]]) -> float | None:
        """Give the standard deviation between persons over several cells of an index; absent below twenty."""
        persons: dict[int, int] = {}
        for labels in cells:
            for number, count in self.states.get(Cell(figure.name, labels), State()).persons.items():
                persons[number] = persons.get(number, 0) + count
        size = sum(persons.values())
        if size < self.rule.index_group:
            return None
        mean = Fraction(sum(number * count for number, count in persons.items()), size)
        variance = sum(count * (number - mean) ** 2 for number, count in persons.items()) / size
        return round(sqrt(variance) / INDEX_BINS, DECIMALS)


def _cell(figure: Figure, labels: tuple[str, ...], way: str) -> Cell:
    return Cell(f"{figure.name}.{way}" if way else figure.name, labels)


@dataclass(frozen=True, slots=True)
class Names:
    """What places are called: the county, its municipalities and its units."""

    county: str
    municipalities: Mapping[str, str]
    units: Mapping[str, str]

    def municipality(self, code: str) -> str:
        """Give a municipality's name as the directory has it; its code where there is none."""
        return self.municipalities.get(code, f"kommun {code}")

    def unit(self, key: str) -> str:
        """Give a unit's name, or that it has none."""
        return self.units.get(key, "enhet utan namn")


@dataclass(frozen=True, slots=True)
class YearFacts:
    """A county's year: its editions in order of time, the lists of its units, and when it was made."""

    year: int
    county: str
    names: Names
    editions: Sequence[Edition]
    list_loads: Sequence[Mapping[str, object]]
    made: str

    @property
    def newest(self) -> Edition:
        """Give the last edition of the year."""
        return self.editions[-1]

    @property
    def places(self) -> list[str]:
        """Give the municipalities that anything is known of, in the order of their names."""
        found = {
            cell.labels[-1]
            for edition in self.editions
            for cell in edition.states
            if len(cell.labels[-1]) == 4 and cell.labels[-1].startswith(self.county)
        }
        return sorted(found, key=self.names.municipality)
