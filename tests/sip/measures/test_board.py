"""What a scrape holds: within its budget of series, whatever the number of municipalities."""

import subprocess
import time
from collections.abc import Iterator
from fractions import Fraction

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from services.sip.domain.continuity.profile import AGE_BANDS, OLDEST, UNKNOWN, WAYS
from services.sip.measures.board import Board
from services.sip.measures.cells import Cell, Figure, Kind
from services.sip.measures.indicators import INDICATORS
from services.sip.measures.metrics import METRICS, SERIES_BUDGET, SERIES_OF_A_COUNTY, SERIES_OF_A_MUNICIPALITY
from services.sip.measures.publication import PublicationRule, State
from services.sip.measures.published import publication
from services.sip.measures.rollup import BY_UNIT, GROUPED, county_of

RULE = PublicationRule()
GROUPS_OF = {
    "sex": ("female", "male"),
    "age": (*(name for _, name in AGE_BANDS), OLDEST),
    "interpreter": ("needed", "not-needed"),
    "deprivation": ("1", "2", "3", "4", "5"),
}
FIGURES_TOLD = {
    figure.name: (figure, one.combinations)
    for one in INDICATORS
    for figure in (one.figure, one.against)
    if figure
}


def full(figure: Figure) -> State:
    """Give a state of forty people, twenty of them in an index."""
    return State({50: 40}, Fraction(20 + 20 * (figure.kind is Kind.COUNT)))


def every_cell(municipalities: int, counties: int = 1) -> dict[Cell, State]:
    """Fill every cell of so many municipalities with enough people to be shown."""
    places = [f"{1 + number % counties:02}{number:02}" for number in range(municipalities)]
    return {
        cell: full(figure)
        for figure, own in FIGURES_TOLD.values()
        if figure not in BY_UNIT
        for cell in cells_of(figure, [*own], places)
    }


def cells_of(figure: Figure, own: list[tuple[str, ...]], places: list[str]) -> Iterator[Cell]:
    for labels in own:
        for place in places:
            yield Cell(figure.name, (*labels, place))
        for way in WAYS if figure in GROUPED else ():
            for county in {county_of(place) for place in places}:
                for group in (*GROUPS_OF[way], UNKNOWN):
                    yield Cell(f"{figure.name}.{way}", (*labels, group, county))


def board_with(municipalities: int) -> tuple[CollectorRegistry, int]:
    registry = CollectorRegistry(auto_describe=True)
    shown = publication(RULE, every_cell(municipalities))
    Board(registry).show(shown, 1, 1.0, 1.0)
    return registry, sum(len(series) for series in shown.series.values())


def test_the_largest_county_fits_whole() -> None:
    _, series = board_with(49)

    assert series == 49 * SERIES_OF_A_MUNICIPALITY + SERIES_OF_A_COUNTY == 1797


def test_all_of_sweden_keeps_within_the_budget_and_says_what_was_left_out() -> None:
    shown = publication(RULE, every_cell(290, counties=21))

    series = sum(len(one) for one in shown.series.values())
    assert 0.95 * SERIES_BUDGET < series <= SERIES_BUDGET
    told = {labels[-1] for metric in METRICS if not metric.grouped for labels, _ in shown.series[metric]}
    assert len(told) + shown.withheld == 290


def test_every_metric_has_the_labels_it_declares() -> None:
    shown = publication(RULE, every_cell(2))

    for metric in METRICS:
        assert {len(labels) for labels, _ in shown.series[metric]} == {len(metric.labels)}, metric.name
        per_place = metric.series if metric.grouped else 2 * metric.series
        assert len(shown.series[metric]) == per_place, metric.name


def test_a_scrape_of_a_full_board_is_quick_whatever_the_number_of_residents() -> None:
    registry, _ = board_with(49)
    generate_latest(registry)

    best = min(_seconds(registry) for _ in range(5))

    assert best < 0.05  # of the machine's own time, so that a busy machine does not matter


def _seconds(registry: CollectorRegistry) -> float:
    before = time.process_time()
    generate_latest(registry)
    return time.process_time() - before


def test_before_the_first_figures_there_is_no_time_of_success() -> None:
    registry = CollectorRegistry(auto_describe=True)
    Board(registry)

    assert b"last_success" not in generate_latest(registry)


@pytest.mark.system
def test_prometheus_finds_nothing_to_say_about_names_and_help() -> None:
    registry, _ = board_with(2)

    subprocess.run(["promtool", "check", "metrics"], input=generate_latest(registry), check=True)
