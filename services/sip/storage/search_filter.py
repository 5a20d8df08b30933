"""A search as a MongoDB filter: values are always compared, never read as operators or patterns of a caller's."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from bson.regex import Regex

from services.sip.domain.resource_types import TYPES, Kind
from services.sip.domain.search_query import (
    AllConditions,
    AmountComparison,
    AmountCondition,
    AnyCondition,
    Condition,
    DateCondition,
    IdCondition,
    SearchQuery,
    TermCondition,
)
from services.sip.domain.search_terms import REFERRED, WITHHELD

Filter = dict[str, Any]
LAST: Final = "\U0010ffff"
ABOUT: Final = frozenset({"patient", "subject"})
"""Parameters whose reference to a Patient says whose record it is."""


def search_filter(query: SearchQuery) -> Filter:
    """Build the filter of what matches, on whatever page; the caller adds the right to see."""
    wanted = [condition_filter(query.type, one) for one in query.conditions]
    only: Filter = {"type": query.type, "current": True}
    if persons := persons_asked_for(query):
        only["patient"] = {"$in": sorted(persons)}
    return {**only, "$and": wanted} if wanted else only


def persons_asked_for(query: SearchQuery) -> frozenset[str]:
    """Give the persons whose records alone can match; none when any may."""
    narrowed = [frozenset(query.patient)] if query.patient else []
    for one in query.conditions if TYPES[query.type].kind is Kind.PERSON else ():
        if isinstance(one, TermCondition) and one.param in ABOUT and one.match == "exact" and not one.negated:
            keys = [term.partition(REFERRED)[2] for term in one.terms]
            if all(key.startswith("Patient/") for key in keys):
                narrowed.append(frozenset(keys))
    return frozenset.intersection(*narrowed) or frozenset({"nobody"}) if narrowed else frozenset()


def condition_filter(kind: str, condition: Condition) -> Filter:
    """Build the filter of one condition; chains are followed before."""
    match condition:
        case IdCondition(ids, negated):
            return {"key": {"$nin" if negated else "$in": [f"{kind}/{one}" for one in ids]}}
        case TermCondition():
            return _terms(condition)
        case DateCondition("_lastUpdated", comparisons):
            return any_of(moment_filter("at", *one) for one in comparisons)
        case DateCondition(param, comparisons):
            return any_of(
                {"dates": {"$elemMatch": {"param": param, **span_filter(*one)}}} for one in comparisons
            )
        case AmountCondition(param, comparisons):
            spans = [{"amounts": {"$elemMatch": {"param": param, **_amount(one)}}} for one in comparisons]
            return {"amounts": {"$exists": True}, **any_of(spans)}
        case AnyCondition(conditions) | AllConditions(conditions):
            every = [condition_filter(kind, one) for one in conditions]
            return any_of(every) if isinstance(condition, AnyCondition) else {"$and": every}
    raise TypeError(condition)


def any_of(filters: Any) -> Filter:
    """Join alternatives, without a needless $or that would hide an index from the planner."""
    every = list(filters)
    return every[0] if len(every) == 1 else {"$or": every}


def _terms(condition: TermCondition) -> Filter:
    terms = list(condition.terms)
    if condition.negated:
        # What is withheld is neither found by having it nor by not having it: PDL 2 kap. 8 §.
        return {"terms": {"$nin": [*terms, condition.param + WITHHELD]}}
    match condition.match:
        case "exact":
            return {"terms": terms[0] if len(terms) == 1 else {"$in": terms}}
        case "prefix":
            return any_of({"terms": {"$elemMatch": {"$gte": one, "$lt": one + LAST}}} for one in terms)
    return {"terms": {"$in": [_inside(one) for one in terms]}}


def _inside(term: str) -> Regex[str]:
    """Match anywhere in the text of a parameter: the name and mark stay in front, so that the index still leads."""
    param, mark, text = term.partition("~")
    return Regex("^" + re.escape(param + mark) + ".*" + re.escape(text))


def moment_filter(name: str, prefix: str, low: datetime, high: datetime) -> Filter:
    """Compare a moment, such as the time of the last change, with [low, high)."""
    if prefix == "ne":
        return {"$or": [{name: {"$lt": low}}, {name: {"$gte": high}}]}
    return {name: _MOMENT[prefix](low, high)}


_MOMENT: Final[Mapping[str, Callable[[datetime, datetime], Filter]]] = {
    "eq": lambda low, high: {"$gte": low, "$lt": high},
    "ap": lambda low, high: {"$gte": low, "$lt": high},
    "gt": lambda _, high: {"$gte": high},
    "sa": lambda _, high: {"$gte": high},
    "lt": lambda low, _: {"$lt": low},
    "eb": lambda low, _: {"$lt": low},
    "ge": lambda low, _: {"$gte": low},
    "le": lambda _, high: {"$lt": high},
}


def span_filter(prefix: str, low: datetime, high: datetime) -> Filter:
    """Compare a span [lo, hi) with the one searched for, [low, high): https://hl7.org/fhir/R4/search.html#prefix."""
    return _SPAN[prefix](low, high)


_SPAN: Final[Mapping[str, Callable[[datetime, datetime], Filter]]] = {
    "eq": lambda low, high: {"lo": {"$gte": low, "$lte": high}, "hi": {"$lte": high}},
    "ne": lambda low, high: {"$or": [{"lo": {"$lt": low}}, {"hi": {"$gt": high}}]},
    "gt": lambda _, high: {"hi": {"$gt": high}},
    "lt": lambda low, _: {"lo": {"$lt": low}},
    "ge": lambda low, high: {"$or": [{"hi": {"$gt": high}}, {"lo": {"$gte": low}}]},
    "le": lambda low, high: {"$or": [{"lo": {"$lt": low}}, {"hi": {"$lte": high}}]},
    "sa": lambda _, high: {"lo": {"$gte": high}},
    "eb": lambda low, _: {"lo": {"$lte": low}, "hi": {"$lte": low}},
    "ap": lambda low, high: {"lo": {"$lt": high}, "hi": {"$gt": low}},
}
"""What follows for `lo` from what is asked of `hi` is said as well: it is what the index is in order of."""


def _amount(one: AmountComparison) -> Filter:
    """Compare an amount [lo, hi] with a number: what rounds to it for eq and ne, the very number for the others."""
    unit: Filter = {}
    if one.system is not None:
        unit["system"] = one.system
    if one.unit is not None:
        unit |= (
            {"code": one.unit}
            if one.system
            else {"$and": [{"$or": [{"code": one.unit}, {"unit": one.unit}]}]}
        )
    return {**_NUMBER[one.prefix](one), **unit}


_NUMBER: Final[Mapping[str, Callable[[AmountComparison], Filter]]] = {
    "eq": lambda one: {"lo": {"$gte": one.low, "$lte": one.high}, "hi": {"$lt": one.high}},
    "ne": lambda one: {"$or": [{"lo": {"$lt": one.low}}, {"hi": {"$gte": one.high}}]},
    "gt": lambda one: {"hi": {"$gt": one.number}},
    "lt": lambda one: {"lo": {"$lt": one.number}},
    "ge": lambda one: {"$or": [{"hi": {"$gt": one.number}}, {"lo": {"$gte": one.number}}]},
    "le": lambda one: {"$or": [{"lo": {"$lt": one.number}}, {"hi": {"$lte": one.number}}]},
    "sa": lambda one: {"lo": {"$gt": one.number}},
    "eb": lambda one: {"lo": {"$lte": one.number}, "hi": {"$lt": one.number}},
    "ap": lambda one: {"lo": {"$lte": one.high}, "hi": {"$gte": one.low}},
}
