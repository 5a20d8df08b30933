"""The compact rows of a person, and what they add to the sums, as they are written down."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

import orjson
from pydantic import TypeAdapter

from services.sip.measures.cells import Cell, Number
from services.sip.measures.person_rows import PersonRows

_ROWS: Final = TypeAdapter(PersonRows)


def rows_as_json(rows: PersonRows) -> bytes:
    """Write rows down; whatever a person's facts come to be made of, this need not know."""
    return _ROWS.dump_json(rows, exclude_defaults=True)


def read_rows(raw: bytes) -> PersonRows:
    """Read rows back."""
    return _ROWS.validate_json(raw)


def with_providers(rows: PersonRows, roles: Mapping[str, str]) -> PersonRows:
    """Name who is behind each role now: one person with two roles is one provider, also for earlier visits."""
    visits = [
        replace(one, provider=roles.get(one.provider, one.provider)) if one.provider else one
        for one in rows.visits
    ]
    return replace(rows, visits=visits)


def told_as_json(told: Mapping[Cell, Number]) -> bytes:
    """Write down what a person adds, always in one order; whole numbers as such, fractions exactly."""
    return orjson.dumps(
        [
            [cell.figure, cell.labels, number if isinstance(number, int) else str(number)]
            for cell, number in sorted(told.items())
        ]
    )


def read_told(raw: bytes) -> dict[Cell, Number]:
    """Read it back."""
    return {
        Cell(figure, tuple(labels)): number if isinstance(number, int) else Fraction(number)
        for figure, labels, number in orjson.loads(raw)
    }
