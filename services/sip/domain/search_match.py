"""Whether one resource is found: a search answered in memory, for the few resources that are not stored as records."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.sip.domain.search_amounts import Amount
from services.sip.domain.search_entries import Entries
from services.sip.domain.search_query import (
    AllConditions,
    AmountComparison,
    AmountCondition,
    AnyCondition,
    Condition,
    DateCondition,
    IdCondition,
    TermCondition,
)


@dataclass(frozen=True, slots=True)
class Findable:
    """What a search looks at: the id, the time of the last change, and the entries."""

    id: str
    at: datetime
    entries: Entries


def matches(condition: Condition, one: Findable) -> bool:
    """Tell whether one condition holds; chains are followed before."""
    match condition:
        case IdCondition(ids, negated):
            return (one.id in ids) is not negated
        case TermCondition():
            return _has_term(condition, one.entries.terms) is not condition.negated
        case DateCondition(param, comparisons):
            spans = [(low, high) for name, low, high in one.entries.dates if name == param]
            if param == "_lastUpdated":
                spans = [(one.at, one.at + timedelta(milliseconds=1))]
            return any(_SPAN[prefix](*span, low, high) for prefix, low, high in comparisons for span in spans)
        case AmountCondition(param, comparisons):
            amounts = [amount for name, amount in one.entries.amounts if name == param]
            return any(_compares(asked, amount) for asked in comparisons for amount in amounts)
        case AnyCondition(conditions):
            return any(matches(inner, one) for inner in conditions)
        case AllConditions(conditions):
            return all(matches(inner, one) for inner in conditions)
    raise TypeError(condition)


def _has_term(condition: TermCondition, terms: set[str]) -> bool:
    match condition.match:
        case "exact":
            return not terms.isdisjoint(condition.terms)
        case "prefix":
            return any(term.startswith(condition.terms) for term in terms)
    starts = [(start + "~", text) for start, _, text in (one.partition("~") for one in condition.terms)]
    return any(
        term.startswith(start) and text in term[len(start) :] for term in terms for start, text in starts
    )


Compared = Callable[[datetime, datetime, datetime, datetime], bool]
_SPAN: Final[Mapping[str, Compared]] = {
    "eq": lambda lo, hi, low, high: low <= lo and hi <= high,
    "ne": lambda lo, hi, low, high: lo < low or high < hi,
    "gt": lambda _lo, hi, _low, high: high < hi,
    "lt": lambda lo, _hi, low, _high: lo < low,
    "ge": lambda lo, hi, low, high: high < hi or low <= lo,
    "le": lambda lo, hi, low, high: lo < low or hi <= high,
    "sa": lambda lo, _hi, _low, high: high <= lo,
    "eb": lambda _lo, hi, low, _high: hi <= low,
    "ap": lambda lo, hi, low, high: lo < high and low < hi,
}


def _compares(asked: AmountComparison, amount: Amount) -> bool:
    if asked.system is not None and amount.system != asked.system:
        return False
    units = {amount.code} if asked.system else {amount.code, amount.unit}
    return (asked.unit is None or asked.unit in units) and _NUMBER[asked.prefix](asked, amount)


_NUMBER: Final[Mapping[str, Callable[[AmountComparison, Amount], bool]]] = {
    "eq": lambda asked, found: asked.low <= found.low and found.high < asked.high,
    "ne": lambda asked, found: found.low < asked.low or asked.high <= found.high,
    "gt": lambda asked, found: asked.number < found.high,
    "lt": lambda asked, found: found.low < asked.number,
    "ge": lambda asked, found: asked.number < found.high or asked.number <= found.low,
    "le": lambda asked, found: found.low < asked.number or found.high <= asked.number,
    "sa": lambda asked, found: asked.number < found.low,
    "eb": lambda asked, found: found.high < asked.number,
    "ap": lambda asked, found: found.low <= asked.high and asked.low <= found.high,
}
