"""What is published: the metrics with their labels, their series, and how many of them there may be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import orjson

from services.sip.domain.codes import FIXED_CONTACT_KINDS
from services.sip.measures.cells import (
    COC_INDEX,
    CONTACT_HELD,
    CONTACT_LACKED,
    FIGURES,
    FOLLOW_UPS_OVERDUE,
    PLANS,
    Cell,
    Number,
)
from services.sip.measures.contributions import PLAN_STATUSES
from services.sip.measures.publication import PublicationRule, State, shown, shown_share

States = Mapping[Cell, State]
SERIES_BUDGET: Final = 2000
"""The series that business figures may take of Prometheus; a county of 49 municipalities needs 539."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One published metric; `series` is the most it has for one municipality."""

    name: str
    help: str
    labels: tuple[str, ...]
    series: int


PLANS_METRIC: Final = Metric(
    "sip_plans",
    "Coordinated individual plans by status, in fives.",
    ("status", "municipality"),
    len(PLAN_STATUSES),
)
OVERDUE_METRIC: Final = Metric(
    "sip_follow_ups_overdue",
    "Follow-ups of running plans whose day has passed, in fives.",
    ("municipality",),
    1,
)
COVERAGE_METRIC: Final = Metric(
    "sip_fixed_contact_coverage_ratio",
    "Share of residents who hold a fixed contact of the kind, among those who could.",
    ("kind", "municipality"),
    len(FIXED_CONTACT_KINDS),
)
COC_METRIC: Final = Metric(
    "sip_coc_index_mean",
    "Mean continuity index (COC) at the listed unit: at least three visits in 18 months.",
    ("municipality",),
    1,
)
METRICS: Final = (PLANS_METRIC, OVERDUE_METRIC, COVERAGE_METRIC, COC_METRIC)
MOST_MUNICIPALITIES: Final = SERIES_BUDGET // sum(metric.series for metric in METRICS)

Series = tuple[tuple[str, ...], float]


@dataclass(frozen=True, slots=True)
class Publication:
    """The series of each metric, and how many municipalities found no place in the budget."""

    series: Mapping[Metric, list[Series]]
    withheld: int


def publication(rule: PublicationRule, states: States) -> Publication:
    """Show every state that may be shown; beyond the budget municipalities stay out in the order of their codes."""
    places = sorted({cell.labels[-1] for cell in states})
    admitted = frozenset(places[:MOST_MUNICIPALITIES])
    values = {cell: shown(rule, cell, state) for cell, state in states.items() if cell.labels[-1] in admitted}
    counts = {PLANS_METRIC: PLANS.name, OVERDUE_METRIC: FOLLOW_UPS_OVERDUE.name, COC_METRIC: COC_INDEX.name}
    series = {metric: list(_series(values, figure)) for metric, figure in counts.items()}
    series[COVERAGE_METRIC] = list(_shares(rule, values))
    return Publication(series, len(places) - len(admitted))


def _series(values: Mapping[Cell, Number | None], figure: str) -> Iterator[Series]:
    for cell, value in values.items():
        if cell.figure == figure and value is not None:
            yield cell.labels, float(value)


def _shares(rule: PublicationRule, values: Mapping[Cell, Number | None]) -> Iterator[Series]:
    for cell, having in values.items():
        if cell.figure == CONTACT_HELD.name:
            share = shown_share(rule, having, values.get(Cell(CONTACT_LACKED.name, cell.labels)))
            if share is not None:
                yield cell.labels, float(share)


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
        if row["figure"] in FIGURES
    }
