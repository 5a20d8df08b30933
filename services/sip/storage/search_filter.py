"""A search as a MongoDB filter: values are always compared, never read as operators."""

import re
from typing import Any, Final

from services.sip.domain.search_query import DateCondition, IdCondition, SearchQuery, TermCondition

PAGE_ORDER: Final = ("at", "key")


def search_filter(query: SearchQuery, *, paged: bool = True) -> dict[str, Any]:
    """Build the filter; the caller adds the right to see."""
    wanted: list[dict[str, Any]] = [_condition(query.type, one) for one in query.conditions]
    base: dict[str, Any] = {"type": query.type, "current": True}
    if query.patient:
        base["patient"] = {"$in": list(query.patient)}
    if query.until is not None:
        wanted.append({"at": {"$lte": query.until}})
    if paged and query.after is not None:
        at, key = query.after
        side = "$gt" if query.oldest_first else "$lt"
        wanted.append({"$or": [{"at": {side: at}}, {"at": at, "key": {side: key}}]})
    return {**base, "$and": wanted} if wanted else base


def _condition(kind: str, condition: object) -> dict[str, Any]:
    match condition:
        case IdCondition(ids):
            return {"key": {"$in": [f"{kind}/{one}" for one in ids]}}
        case TermCondition(_, terms, negated, "exact"):
            return {"terms": {"$nin" if negated else "$in": list(terms)}}
        case TermCondition(_, terms, negated, "prefix"):
            patterns = [re.compile("^" + re.escape(one)) for one in terms]
            return {"terms": {"$nin" if negated else "$in": patterns}}
        case TermCondition(_, terms, negated, _):
            patterns = [_inside(one) for one in terms]
            return {"terms": {"$nin" if negated else "$in": patterns}}
        case DateCondition("_lastUpdated", comparisons):
            return {"$or": [_updated(*one) for one in comparisons]}
        case DateCondition(param, comparisons):
            return {"$or": [_dated(param, *one) for one in comparisons]}
    raise TypeError(condition)


def _inside(term: str) -> re.Pattern[str]:
    """Match anywhere in the text of a parameter: `name~` stays in front, so that the index still leads."""
    param, mark, text = term.partition("~")
    return re.compile("^" + re.escape(param + mark) + ".*" + re.escape(text))


def _updated(prefix: str, low: Any, high: Any) -> dict[str, Any]:
    """Compare a moment (lastUpdated) with [low, high)."""
    match prefix:
        case "eq":
            return {"at": {"$gte": low, "$lt": high}}
        case "ne":
            return {"$or": [{"at": {"$lt": low}}, {"at": {"$gte": high}}]}
        case "gt" | "sa":
            return {"at": {"$gte": high}}
        case "lt" | "eb":
            return {"at": {"$lt": low}}
        case "ge":
            return {"at": {"$gte": low}}
        case _:
            return {"at": {"$lt": high}}


def _dated(param: str, prefix: str, low: Any, high: Any) -> dict[str, Any]:
    """Compare a resource's span [lo, hi) with the search's [low, high), as FHIR's prefixes say."""
    match prefix:
        case "eq":
            span: dict[str, Any] = {"lo": {"$gte": low}, "hi": {"$lte": high}}
        case "ne":
            span = {"$or": [{"lo": {"$lt": low}}, {"hi": {"$gt": high}}]}
        case "gt":
            span = {"hi": {"$gt": high}}
        case "lt":
            span = {"lo": {"$lt": low}}
        case "ge":
            span = {"$or": [{"hi": {"$gt": high}}, {"lo": {"$gte": low}}]}
        case "le":
            span = {"$or": [{"lo": {"$lt": low}}, {"hi": {"$lte": high}}]}
        case "sa":
            span = {"lo": {"$gte": high}}
        case _:
            span = {"hi": {"$lte": low}}
    return {"dates": {"$elemMatch": {"param": param, **span}}}


def hint_for(query: SearchQuery, reader: str | None) -> str:
    """Choose the index by what narrows most: the ids, the person, a term, the reader, at last the type."""
    if any(isinstance(one, IdCondition) for one in query.conditions):
        return "current"
    if query.patient:
        return "person"
    selective = ("identifier=", ">", "url=")
    for one in query.conditions:
        if (
            isinstance(one, TermCondition)
            and not one.negated
            and one.match == "exact"
            and any(mark in term for term in one.terms for mark in selective)
        ):
            return "terms"
    if reader is not None:
        return "readers"
    if any(isinstance(one, TermCondition) and not one.negated for one in query.conditions):
        return "terms"
    return "type"
