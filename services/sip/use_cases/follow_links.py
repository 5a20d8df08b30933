"""Chains and reverse chains: each step is a search of its own, by the caller's own right to see that type."""

from dataclasses import replace
from typing import Final

from services.chassis.outcome import Told
from services.sip.domain.errors import TooCostly
from services.sip.domain.search_entries import own_param
from services.sip.domain.search_query import (
    AnyCondition,
    Condition,
    HasCondition,
    IdCondition,
    LinkCondition,
    SearchQuery,
    TermCondition,
)
from services.sip.domain.search_terms import REFERRED
from services.sip.use_cases.ports import Asking, Searching, Store
from services.sip.use_cases.read_resource import check_scope, sight_of

MOST: Final = 5000
"""Resources that one step may lead through."""


async def follow_links(query: SearchQuery, asking: Asking, store: Store) -> SearchQuery:
    """Give the same search without chains; raises ScopeTooNarrow, TooCostly.

    What a step meets without the caller seeing it does not count, so that nothing can be inferred from it.
    """
    followed = [await _followed(query.type, one, asking, store) for one in query.conditions]
    return replace(query, conditions=[_as_unit(query.type, one, asking.caller.unit) for one in followed])


async def _followed(kind: str, condition: Condition, asking: Asking, store: Store) -> Condition:
    match condition:
        case LinkCondition(param, other, inner):
            step = SearchQuery(other, [await _followed(other, inner, asking, store)])
            keys = await (await _searching(other, asking, store)).keys(step, MOST)
            _check_size(f"{param}:{other}", keys)
            return TermCondition(param, tuple(f"{param}{REFERRED}{key}" for key in keys))
        case HasCondition(other, param, inner):
            step = SearchQuery(other, [await _followed(other, inner, asking, store)])
            targets = await (await _searching(other, asking, store)).targets(step, param, kind, MOST)
            _check_size(f"_has:{other}:{param}", targets)
            return IdCondition(tuple(sorted(key.split("/")[1] for key in targets)))
        case AnyCondition(conditions):
            return AnyCondition(tuple([await _followed(kind, one, asking, store) for one in conditions]))
    return condition


async def _searching(kind: str, asking: Asking, store: Store) -> Searching:
    await check_scope(kind, "s", asking, store)
    return store.records.searching(sight_of(kind, asking, "s"), asking.now)


def _check_size(name: str, found: list[str] | set[str]) -> None:
    if len(found) > MOST:
        text = f"{name} leads through more than {MOST} resources: ask for something rarer there."
        raise TooCostly(Told("too-costly", text, f"http.{name}"))


def _as_unit(kind: str, condition: Condition, unit: str | None) -> Condition:
    """A social-service unit finds its own Tasks by their owner, which nobody else may: PDL 2 kap. 8 §."""
    if isinstance(condition, AnyCondition):
        return AnyCondition(tuple(_as_unit(kind, one, unit) for one in condition.conditions))
    if kind != "Task" or not unit or not isinstance(condition, TermCondition) or condition.param != "owner":
        return condition
    own = tuple(own_param("owner", unit) + term.removeprefix("owner") for term in condition.terms)
    return replace(condition, terms=condition.terms + own)
