"""What is published: the series of each metric, how many of them there may be, and the states they are made from."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import orjson

from services.sip.domain.continuity.profile import WAYS
from services.sip.measures.cells import FIGURES, Cell, Number
from services.sip.measures.metrics import (
    METRICS,
    SERIES_BUDGET,
    SERIES_OF_A_COUNTY,
    SERIES_OF_A_MUNICIPALITY,
    Metric,
)
from services.sip.measures.publication import PublicationRule, State, shown, shown_share
from services.sip.measures.rollup import BY_UNIT, county_of

States = Mapping[Cell, State]
Shown = Mapping[Cell, Number | None]
Series = tuple[tuple[str, ...], float]
PLACE: Final = -1
"""A cell's last label says where it is from."""


@dataclass(frozen=True, slots=True)
class Publication:
    """The series of each metric, and how many municipalities found no place in the budget."""

    series: Mapping[Metric, list[Series]]
    withheld: int


def publication(rule: PublicationRule, states: States) -> Publication:
    """Show every state that may be shown; beyond the budget municipalities stay out in the order of their codes."""
    places = sorted({cell.labels[PLACE] for cell in states if _by_municipality(cell)})
    counties = sorted({county_of(place) for place in places})
    admitted = _admitted(places, counties)
    values = {
        cell: shown(rule, cell, state) for cell, state in states.items() if cell.labels[PLACE] in admitted
    }
    series = {metric: list(series_of(rule, metric, values)) for metric in METRICS}
    return Publication(series, sum(place not in admitted for place in places))


def _by_municipality(cell: Cell) -> bool:
    """Tables by group and by unit are of a whole county."""
    return "." not in cell.figure and FIGURES[cell.figure] not in BY_UNIT


def _admitted(places: list[str], counties: list[str]) -> frozenset[str]:
    """Give counties their groups first, then municipalities theirs, as far as the budget reaches."""
    grouped = counties[: SERIES_BUDGET // 4 // SERIES_OF_A_COUNTY]
    left = SERIES_BUDGET - len(grouped) * SERIES_OF_A_COUNTY
    return frozenset([*grouped, *places[: left // SERIES_OF_A_MUNICIPALITY]])


def series_of(rule: PublicationRule, metric: Metric, values: Shown) -> Iterator[Series]:
    """Give a metric's series, each with its labels."""
    for way in WAYS if metric.grouped else ("",):
        name = f"{metric.figure.name}.{way}" if way else metric.figure.name
        for cell, value in values.items():
            if cell.figure == name and metric.first in {"", cell.labels[0]}:
                told = _share(rule, metric, cell, values) if metric.against else value
                if told is not None:
                    yield _labels(cell, way)[bool(metric.first) :], float(told * metric.scale)


def _labels(cell: Cell, way: str) -> tuple[str, ...]:
    return (*cell.labels[:-2], way, *cell.labels[-2:]) if way else cell.labels


def _share(rule: PublicationRule, metric: Metric, cell: Cell, values: Shown) -> Fraction | None:
    if metric.against is None:
        return None
    against = cell.figure.replace(metric.figure.name, metric.against.name, 1)
    return shown_share(rule, values.get(cell), values.get(Cell(against, cell.labels)))


def states_as_json(states: States) -> bytes:
    """Write the states down for the next process to go on from."""
    return orjson.dumps(
        [
            {
                "figure": cell.figure,
                "labels": cell.labels,
                "persons": [[number, count] for number, count in sorted(state.persons.items())],
                "total": str(state.total),
            }
            for cell, state in sorted(states.items())
        ]
    )


def states_from_json(raw: bytes) -> dict[Cell, State]:
    """Read them back; a figure that is no longer computed is left behind."""
    return {
        Cell(row["figure"], tuple(row["labels"])): State(dict(row["persons"]), Fraction(row["total"]))
        for row in orjson.loads(raw)
        if row["figure"].partition(".")[0] in FIGURES
    }
