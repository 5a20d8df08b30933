"""In which order a search answers, and where the next page begins: by keys alone, never by skipping."""

from typing import Any, Final

from services.sip.domain.search_query import NEWEST_FIRST, Cursor, SearchQuery

Filter = dict[str, Any]
Order = list[tuple[str, int]]

_COLUMNS: Final = {"_lastUpdated": "at", "_id": "key"}
ALWAYS_THERE: Final = frozenset(_COLUMNS.values())


def order_of(query: SearchQuery) -> Order:
    """Give fields and directions; the id comes last, so that no two are alike.

    Of several values, the one that comes first in the direction counts; what has none comes first going up.
    """
    order: Order = []
    for one in query.sort:
        side = "high" if one.descending else "low"
        field = _COLUMNS.get(one.param) or f"sort.{one.param}.{side}"
        order.append((field, -1 if one.descending else 1))
        if field == "key":
            return order
    return [*order, ("key", order[-1][1])]


def rest_filter(query: SearchQuery, cursor: Cursor) -> list[Filter]:
    """Give what lies after the cursor, of what has not been changed since the first page was read.

    Newest first needs no look at the time: what is changed meanwhile moves to where the reader has been.
    """
    order = order_of(query)
    values = [*cursor.keys, cursor.key]
    found: list[Filter] = [] if query.sort == NEWEST_FIRST else [{"at": {"$lte": cursor.until}}]
    first, direction = order[0]
    if first in ALWAYS_THERE:
        found.append({first: {"$lte" if direction < 0 else "$gte": values[0]}})
    equal: Filter = {}
    ways: list[Filter] = []
    for (field, direction), value in zip(order, values, strict=True):
        ways += [{**equal, **beyond} for beyond in _beyond(field, direction, value)]
        equal |= {field: value}
    return [*found, {"$or": ways}]


def _beyond(field: str, direction: int, value: Any) -> list[Filter]:
    """What comes later by this one key: nothing at all counts as lowest."""
    if direction > 0:
        return [{field: {"$ne": None} if value is None else {"$gt": value}}]
    if value is None:
        return []
    return [{field: {"$lt": value}}] + ([] if field in ALWAYS_THERE else [{field: None}])


def keys_in(query: SearchQuery, document: Filter) -> tuple[Any, ...]:
    """Read from a stored document what it was sorted by, less the id."""
    return tuple(_at(document, field) for field, _ in order_of(query)[:-1])


def _at(document: Any, path: str) -> Any:
    for name in path.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    return document
