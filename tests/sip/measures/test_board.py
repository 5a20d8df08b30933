"""What a scrape holds: within its budget of series, whatever the number of municipalities."""

import subprocess
from fractions import Fraction

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from services.sip.domain.codes import FIXED_CONTACT_KINDS
from services.sip.measures.board import Board
from services.sip.measures.cells import FIGURES, Cell, Kind
from services.sip.measures.contributions import PLAN_STATUSES
from services.sip.measures.publication import PublicationRule, State
from services.sip.measures.published import METRICS, MOST_MUNICIPALITIES, SERIES_BUDGET, publication

RULE = PublicationRule()
LABELS = {
    "plans": PLAN_STATUSES,
    "follow_ups_overdue": (None,),
    "contact_held": tuple(kind.code for kind in FIXED_CONTACT_KINDS),
    "contact_lacked": tuple(kind.code for kind in FIXED_CONTACT_KINDS),
    "coc_index": (None,),
}


def every_cell(municipalities: int) -> dict[Cell, State]:
    """Fill every cell of so many municipalities with enough people to be shown."""
    places = [f"{number:04}" for number in range(1, municipalities + 1)]
    return {
        Cell(figure.name, (place,) if first is None else (first, place)): State(
            {50: 40}, Fraction(20 + 20 * counts)
        )
        for figure in FIGURES.values()
        for counts in [figure.kind is Kind.COUNT]
        for first in LABELS[figure.name]
        for place in places
    }


def board_with(municipalities: int) -> tuple[CollectorRegistry, int]:
    registry = CollectorRegistry(auto_describe=True)
    shown = publication(RULE, every_cell(municipalities))
    Board(registry).show(shown, 1, 1.0, 1.0)
    return registry, sum(len(series) for series in shown.series.values())


def test_the_largest_county_fits_whole() -> None:
    _, series = board_with(49)

    assert series == 49 * sum(metric.series for metric in METRICS) == 539


def test_all_of_sweden_keeps_within_the_budget_and_says_what_was_left_out() -> None:
    shown = publication(RULE, every_cell(290))

    assert sum(len(series) for series in shown.series.values()) <= SERIES_BUDGET
    assert shown.withheld == 290 - MOST_MUNICIPALITIES


def test_the_series_stay_within_the_declared_budget() -> None:
    _, series = board_with(MOST_MUNICIPALITIES)
    assert 0.99 * SERIES_BUDGET < series <= SERIES_BUDGET


def test_before_the_first_figures_there_is_no_time_of_success() -> None:
    registry = CollectorRegistry(auto_describe=True)
    Board(registry)

    assert b"last_success" not in generate_latest(registry)


@pytest.mark.system
def test_prometheus_finds_nothing_to_say_about_names_and_help() -> None:
    registry, _ = board_with(2)

    subprocess.run(["promtool", "check", "metrics"], input=generate_latest(registry), check=True)
