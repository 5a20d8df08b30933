"""Parameters that say how a result is to be: order, page, totals, what to bring along, how much of each resource."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from services.sip.domain.resource_types import TYPES
from services.sip.domain.search_entries import SORTED
from services.sip.domain.search_params import ANY, PARAMS, SearchParam
from services.sip.domain.search_query import Include, SearchQuery, Sorting
from services.sip.fhir.search_problem import wrong
from services.sip.use_cases.page_tokens import read_page_token

LARGEST_PAGE: Final = 500
MOST_KEYS: Final = 5
MOST_INCLUDES: Final = 40
MOST_ELEMENTS: Final = 100
SUMMARIES: Final = frozenset({"true", "text", "data", "count", "false"})
_ELEMENT: Final = re.compile(r"(?:[A-Z][A-Za-z]*\.)?([a-z][A-Za-z]{0,60})")


@dataclass(frozen=True, slots=True)
class Shown:
    """How much of each resource is shown, and whether the total is."""

    summary: str = "false"
    elements: frozenset[str] = frozenset()
    total: str = ""


State = tuple[SearchQuery, Shown]


def controlled(query: SearchQuery, shown: Shown, name: str, value: str) -> State:
    """Add what one parameter says; raises BadRequest."""
    bare, _, modifier = name.partition(":")
    if modifier and not (modifier == "iterate" and "include" in bare):
        raise wrong(name, f"the modifier :{modifier[:40]} is not served here", "not-supported")
    query, shown = CONTROLS[bare](query, shown, name, value)
    if shown.elements and shown.summary != "false":
        raise wrong(name, "_elements and _summary exclude each other: give one")
    if query.include and shown.summary == "text":
        raise wrong(name, "nothing is brought along to _summary=text")
    return query, shown


def _count(query: SearchQuery, shown: Shown, name: str, value: str) -> State:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise wrong(name, f"{value!r:.40} is no whole number")
    return replace(query, count=min(int(value), LARGEST_PAGE)), shown


def _sort(query: SearchQuery, shown: Shown, name: str, value: str) -> State:
    keys = [Sorting(one.lstrip("-"), descending=one.startswith("-")) for one in value.split(",")]
    if len(keys) > MOST_KEYS or len({one.param for one in keys}) < len(keys):
        raise wrong(name, f"it has at most {MOST_KEYS} keys, each once")
    known = _sortable(query.type)
    for one in keys:
        if one.param not in known:
            text = f"{query.type} is not sorted by {one.param!r:.60}; it is by {', '.join(sorted(known))}"
            raise wrong(name, text, "not-supported")
    return replace(query, sort=tuple(keys)), shown


def _sortable(kind: str) -> frozenset[str]:
    """The access log is in the order of time; records by whatever has one value to compare."""
    if kind == "AuditEvent":
        return frozenset({"_lastUpdated"})
    return frozenset(row.name for row in PARAMS[kind].values() if row.kind in SORTED)


def _total(query: SearchQuery, shown: Shown, name: str, value: str) -> State:
    if value not in {"none", "estimate", "accurate"}:
        raise wrong(name, "it is none, estimate or accurate")
    return replace(query, counted=value != "none"), replace(shown, total=value)


def _summary(query: SearchQuery, shown: Shown, name: str, value: str) -> State:
    if value not in SUMMARIES:
        raise wrong(name, f"it is one of {', '.join(sorted(SUMMARIES))}")
    return query, replace(shown, summary=value)


def _elements(query: SearchQuery, shown: Shown, name: str, value: str) -> State:
    named = [_ELEMENT.fullmatch(one) for one in value.split(",")]
    if not all(named) or len(named) > MOST_ELEMENTS:
        raise wrong(name, f"{value!r:.60} is not a list of elements at the top, such as identifier,status")
    return query, replace(shown, elements=frozenset(one[1] for one in named if one))


def _page(query: SearchQuery, shown: Shown, _name: str, value: str) -> State:
    return replace(query, after=read_page_token(value)), shown


def _format(query: SearchQuery, shown: Shown, name: str, value: str) -> State:
    if value not in {"json", "application/json", "application/fhir+json", "text/json"}:
        raise wrong(name, "only json is served", "not-supported")
    return query, shown


def _include(query: SearchQuery, shown: Shown, name: str, value: str) -> State:
    found = [replace(one, iterate=":" in name) for one in _includes(query.type, name, value)]
    if len({*query.include, *found}) > MOST_INCLUDES:
        raise wrong(name, f"at most {MOST_INCLUDES} kinds of resources are brought along", "too-costly")
    return replace(query, include=(*query.include, *found)), shown


def _includes(kind: str, name: str, value: str) -> Iterator[Include]:
    """Read `Type:parameter`, `Type:parameter:Target`, `Type:*` or `*`."""
    reverse = name.startswith("_rev")
    parts = [kind, ANY] if value == ANY and not reverse else value.split(":")
    if not 2 <= len(parts) <= 3 or parts[0] not in TYPES or (len(parts) == 3 and parts[2] not in TYPES):
        raise wrong(name, f"{value!r:.60} is not written as Type:parameter or Type:parameter:Target")
    source, param, target = parts[0], parts[1], parts[2] if len(parts) == 3 else None
    if source == "AuditEvent" and reverse:
        raise wrong(name, f"{source} is not brought along", "not-supported")
    if not (reverse or ":" in name or source == kind):
        raise wrong(name, f"a {kind} does not include by {source}; with :iterate what was included does")
    rows = [row for row in PARAMS[source].values() if row.kind == "reference" and param in {ANY, row.name}]
    if reverse and ":" not in name:
        rows = [row for row in rows if leads_to(row, target or kind)]
    if not rows or (reverse and target not in {None, kind} and ":" not in name):
        raise wrong(
            name, f"{source} has no reference {param!r:.60} that could be followed so", "not-supported"
        )
    for row in rows:
        yield Include(source, row.name, target, reverse=reverse)


def leads_to(param: SearchParam, kind: str) -> bool:
    """Say whether a reference parameter may lead to a type."""
    return kind in param.targets or ANY in param.targets


CONTROLS: Final[Mapping[str, Callable[[SearchQuery, Shown, str, str], State]]] = {
    "_count": _count,
    "_sort": _sort,
    "_total": _total,
    "_summary": _summary,
    "_elements": _elements,
    "_include": _include,
    "_revinclude": _include,
    "_page": _page,
    "_format": _format,
}
