"""Adding cells up: from the finest cells that are kept to the tables that are told, exactly."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from services.sip.domain.continuity.profile import UNKNOWN, WAYS
from services.sip.measures.cells import (
    COC_BY_UNIT,
    COC_INDEX,
    CONTACT_HELD,
    CONTACT_LACKED,
    FIGURES,
    LISTED,
    MUNICIPALITY,
    REPORTED,
    SIP_NO,
    SIP_YES,
    Cell,
    Figure,
    Number,
    Spread,
)
from services.sip.measures.tally import Tally

COUNTY: Final = "county"
GROUPED: Final = (COC_INDEX, CONTACT_HELD, CONTACT_LACKED, SIP_YES, SIP_NO, REPORTED)
"""Figures that are also told by each way to group people, for a county as a whole."""
BY_UNIT: Final = (COC_BY_UNIT, LISTED)

Table = Mapping[tuple[str, ...], Spread]


def county_of(municipality: str) -> str:
    """Give the county of a municipality: the first two of its four digits."""
    return municipality if municipality == UNKNOWN else municipality[:2]


def rolled(tally: Tally, figure: Figure, keep: Sequence[str]) -> Table:
    """Add a figure's cells up to those that the labels named in `keep` tell apart, in their order."""
    select = [_selecting(figure, name) for name in keep]
    table: dict[tuple[str, ...], dict[Number, int]] = {}
    for cell, spread in tally.cells():
        if cell.figure == figure.name:
            sums = table.setdefault(tuple(one(cell.labels) for one in select), {})
            for number, count in spread.items():
                sums[number] = sums.get(number, 0) + count
    return table


def _selecting(figure: Figure, name: str) -> Callable[[tuple[str, ...]], str]:
    if name == COUNTY:
        return lambda labels: county_of(labels[-1])
    place = figure.labels.index(name)
    return lambda labels: labels[place]


def told_cells(tally: Tally) -> Iterator[tuple[Cell, Spread]]:
    """Give every cell of which something may be published: by municipality, by group, by unit."""
    for figure in FIGURES.values():
        if figure in BY_UNIT:
            yield from _table(figure.name, rolled(tally, figure, (*figure.own, COUNTY)))
            continue
        yield from _table(figure.name, rolled(tally, figure, (*figure.own, MUNICIPALITY)))
        for way in WAYS if figure in GROUPED else ():
            yield from _table(f"{figure.name}.{way}", rolled(tally, figure, (*figure.own, way, COUNTY)))


def _table(name: str, table: Table) -> Iterator[tuple[Cell, Spread]]:
    for labels, spread in table.items():
        yield Cell(name, labels), spread
