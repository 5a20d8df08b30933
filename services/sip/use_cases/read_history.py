"""Histories of one resource, one type or all: versions of what the caller may see now, newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from services.chassis.outcome import Told
from services.sip.domain.access import covered_by_scope
from services.sip.domain.errors import ScopeTooNarrow
from services.sip.domain.history_query import After, HistoryQuery
from services.sip.domain.resource_types import TYPES, Kind
from services.sip.domain.sight import Sight, joined
from services.sip.use_cases.ports import Access, Asking, Histories, Store, Stored
from services.sip.use_cases.read_resource import check_scope, sight_of, sight_of_key, viewed
from services.sip.use_cases.read_version import newest_version, within_sight


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page; `after` leads on, `total` is known where counting is free."""

    versions: Sequence[Stored]
    after: After | None
    total: int | None = None


async def read_history(
    key: str, query: HistoryQuery, asking: Asking, store: Store, histories: Histories
) -> HistoryPage:
    """Give a page of one resource's history; raises NotFound, Gone, ScopeTooNarrow."""
    newest = await newest_version(key, asking, store)
    sight = sight_of_key(key, asking)
    versions = await histories.versions([key], query, sight)
    narrowed = query.narrowed or bool(sight.within)
    return _seen(_page(versions, query, None if narrowed else newest), sight)


async def read_type_history(
    kind: str, query: HistoryQuery, asking: Asking, store: Store, histories: Histories
) -> HistoryPage:
    """Give a page of the history of all resources of a type; raises ScopeTooNarrow, TooCostly."""
    await check_scope(kind, "s", asking, store)
    return await _of_many({kind: sight_of(kind, asking, "s")}, query, asking, store, histories)


async def read_system_history(
    query: HistoryQuery, asking: Asking, store: Store, histories: Histories
) -> HistoryPage:
    """Give a page of the history of all types that the token's scopes cover; raises ScopeTooNarrow, TooCostly."""
    covered = [kind for kind in TYPES if covered_by_scope(asking.caller, kind, "s").allowed]
    types = {kind: sight_of(kind, asking, "s") for kind in covered if TYPES[kind].kind is not Kind.DERIVED}
    if not types:
        raise ScopeTooNarrow(Told("forbidden", "The token allows the search of no type, and so no history."))
    return await _of_many(types, query, asking, store, histories)


async def _of_many(
    types: Mapping[str, Sight], query: HistoryQuery, asking: Asking, store: Store, histories: Histories
) -> HistoryPage:
    keys = await histories.keys(types, asking.now, query)
    page = _page(await histories.versions(keys, query, viewed(asking)) if keys else [], query, None)
    page = _seen(page, joined(types.values()))
    persons: dict[str | None, set[str]] = {}
    for one in page.versions:
        persons.setdefault(one.patient, set()).add(one.key)
    kind = next(iter(types)) if len(types) == 1 else "Bundle"
    rows = [
        Access(
            asking.now, asking.caller, "S", kind, person, sorted(keys), allowed=True, reason="care relation" if person
            else "nothing personal shown", request_id=asking.request_id, query="_history",
        )
        for person, keys in (persons or {None: set()}).items()
    ]  # fmt: skip
    await store.log.record(rows)
    return page


def _seen(page: HistoryPage, sight: Sight) -> HistoryPage:
    """Leave out versions that the scopes' queries do not find; a page may so hold fewer than were asked for."""
    if not sight.within:
        return page
    return replace(page, versions=[one for one in page.versions if within_sight(one, sight)])


def _page(versions: Sequence[Stored], query: HistoryQuery, total: int | None) -> HistoryPage:
    shown = versions[: query.count]
    if len(versions) <= query.count or not shown:
        return HistoryPage(shown, None, total)
    last = shown[-1]
    return HistoryPage(shown, (last.at, last.key, last.version), total)
