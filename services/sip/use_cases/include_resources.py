"""What a search brings along: what its hits refer to, and what refers to them, of what the caller may see."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from services.chassis.outcome import Told
from services.sip.domain.access import covered_by_scope
from services.sip.domain.errors import TooCostly
from services.sip.domain.references import local_key
from services.sip.domain.resource_types import TYPES
from services.sip.domain.search_params import PARAMS
from services.sip.domain.search_query import Include, SearchQuery, TermCondition
from services.sip.domain.search_terms import REFERRED, counts
from services.sip.domain.sight import Sight
from services.sip.use_cases.follow_links import follow_links
from services.sip.use_cases.ports import Asking, Store, Stored
from services.sip.use_cases.read_resource import sight_of

MOST: Final = 1000
"""Resources brought along to one page."""
ROUNDS: Final = 10


@dataclass(frozen=True, slots=True)
class _Round:
    """Resources newly reached, by type, and what has been reached before."""

    fresh: dict[str, list[Stored]]
    known: set[str]


async def include_resources(
    hits: Sequence[Stored], includes: Iterable[Include], asking: Asking, store: Store
) -> list[Stored]:
    """Give each once, whatever leads to it; raises TooCostly where there are too many."""
    found: list[Stored] = []
    known = {hit.key for hit in hits}
    wanted = [one for one in includes if covered_by_scope(asking.caller, one.type, "s").allowed]
    fresh = hits
    for _ in range(ROUNDS):
        fresh = await _reached(_Round(_by_type(fresh), known), wanted, asking, store)
        found += fresh
        known |= {one.key for one in fresh}
        if len(found) > MOST:
            text = (
                f"More than {MOST} resources would be brought along: ask for fewer hits a page with _count."
            )
            raise TooCostly(Told("too-costly", text, "http._include"))
        wanted = [one for one in wanted if one.iterate]
        if not fresh or not wanted:
            break
    return found


def _by_type(resources: Iterable[Stored]) -> dict[str, list[Stored]]:
    by_type: dict[str, list[Stored]] = {}
    for one in resources:
        by_type.setdefault(one.key.split("/")[0], []).append(one)
    return by_type


async def _reached(now: _Round, includes: Sequence[Include], asking: Asking, store: Store) -> list[Stored]:
    """Follow every include one step."""
    forward = {key for one in includes if not one.reverse for key in _referred(one, now)}
    reached = await _visible(forward - now.known, asking, store)
    for one in includes:
        if one.reverse:
            reached += await _referring(one, now, asking, store)
    return [one for one in {one.key: one for one in reached}.values() if one.key not in now.known]


def _referred(include: Include, now: _Round) -> Iterator[str]:
    param = PARAMS[include.type][include.param]
    for stored in now.fresh.get(include.type, ()):
        resource: dict[str, Any] = orjson.loads(stored.body)
        for source, value in param.values(resource):
            key = local_key(value.get("reference")) if isinstance(value, dict) else None
            if key and counts(param, source, value) and include.target in {None, key.split("/")[0]}:
                yield key


async def _visible(keys: Iterable[str], asking: Asking, store: Store) -> list[Stored]:
    """Persons' data by the caller's right to see, the directory by any valid token; neither beyond the scopes."""
    by_sight: dict[Sight, list[str]] = {}
    for key in keys:
        kind = key.split("/")[0]
        if kind in TYPES and covered_by_scope(asking.caller, kind, "s").allowed:
            by_sight.setdefault(sight_of(kind, asking, "s"), []).append(key)
    return [
        one
        for sight, some in by_sight.items()
        for one in await store.records.searching(sight, asking.now).visible(some)
    ]


async def _referring(include: Include, now: _Round, asking: Asking, store: Store) -> list[Stored]:
    """Search for what refers to any of the fresh ones."""
    param = PARAMS[include.type][include.param]
    keys = [one.key for kind, some in now.fresh.items() for one in some if include.target in {None, kind}]
    if not keys:
        return []
    condition = TermCondition(param.name, tuple(f"{param.name}{REFERRED}{key}" for key in keys))
    query = await follow_links(SearchQuery(include.type, [condition], count=MOST + 1), asking, store)
    searching = store.records.searching(sight_of(include.type, asking, "s"), asking.now)
    return list((await searching.page(replace(query, count=MOST + 1))).hits)
