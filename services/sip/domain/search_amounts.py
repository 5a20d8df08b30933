"""Amounts: what a quantity parameter compares, as closed intervals with the units they are in.

https://hl7.org/fhir/R4/search.html#quantity: a comparator opens one side, a Range has two ends, and a number
searched for stands for all that rounds to it. Units are compared as they are written, never converted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import inf
from typing import Any, Final

TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Amount:
    """One interval of numbers, ends included, with the code system and code of its unit, and how it is called."""

    low: float
    high: float
    system: str | None = None
    code: str | None = None
    unit: str | None = None


def stored_amounts(value: Any) -> Iterator[Amount]:
    """Give the amount of a Quantity, Range or SampledData; none of what has no number."""
    if not isinstance(value, Mapping):
        return
    if "origin" in value:
        yield from stored_amounts(value["origin"])
    elif isinstance(value.get("value"), int | float):
        number = float(value["value"])
        above = value.get("comparator") in {">", ">="}
        below = value.get("comparator") in {"<", "<="}
        yield _in_unit(-inf if below else number, inf if above else number, value)
    elif "low" in value or "high" in value:
        low, high = value.get("low") or {}, value.get("high") or {}
        yield _in_unit(float(low.get("value", -inf)), float(high.get("value", inf)), low or high)


def _in_unit(low: float, high: float, quantity: Mapping[str, Any]) -> Amount:
    return Amount(low, high, quantity.get("system"), quantity.get("code"), quantity.get("unit"))


def rounded_to(number: Decimal) -> tuple[float, float]:
    """Give the numbers that round to this one as it was written: 5.40 stands for 5.395 up to 5.405.

    For 1e2 the specification's own example says 95 up to 105.
    """
    exponent = int(number.as_tuple().exponent)
    half = Decimal(5).scaleb(exponent - (1 if exponent <= 0 else 2))
    return float(number - half), float(number + half)


def approximately(number: Decimal) -> tuple[float, float]:
    """Give what is within a tenth of a number."""
    reach = abs(number) * TENTH
    return float(number - reach), float(number + reach)
