"""Searching the record store: one page by keys, what chains pass through, and what is brought along."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pymongo.errors import ExecutionTimeout, OperationFailure

from services.chassis.outcome import Told
from services.sip.domain.errors import TooCostly
from services.sip.domain.resource_types import TYPES, Kind
from services.sip.domain.search_entries import targets_in
from services.sip.domain.search_query import (
    NEWEST_FIRST,
    Condition,
    Cursor,
    IdCondition,
    SearchQuery,
    TermCondition,
)
from services.sip.domain.search_terms import CODED, REFERRED, WITHHELD
from services.sip.domain.sight import Sight
from services.sip.storage.connection import Database
from services.sip.storage.documents import OUT, readable, stored
from services.sip.storage.search_filter import LAST, persons_asked_for, search_filter
from services.sip.storage.search_order import keys_in, order_of, rest_filter
from services.sip.storage.store_answers import store_answers
from services.sip.use_cases.ports import Page, Stored

SEARCH_MS: Final = 2000
SORT_MEMORY_EXCEEDED: Final = 292
TOO_LONG: Final = (
    "The search takes too long: narrow it, for example by patient, identifier or a shorter time."
)


@asynccontextmanager
async def in_time() -> AsyncIterator[None]:
    """Tell a search that would take too long, or too much memory, as what it is."""
    with store_answers():
        try:
            yield
        except ExecutionTimeout as late:
            raise TooCostly(Told("too-costly", TOO_LONG)) from late
        except OperationFailure as failed:
            if failed.code == SORT_MEMORY_EXCEEDED:
                raise TooCostly(Told("too-costly", TOO_LONG)) from failed
            raise


@dataclass(frozen=True, slots=True)
class RecordSearch:
    """Searches what one caller may see at one time."""

    db: Database
    sight: Sight
    now: datetime

    def wanted(self, query: SearchQuery) -> dict[str, Any]:
        """Give the whole filter: what is asked for, of what the reader may see."""
        return {**search_filter(query), **readable(self.sight, self.now)}

    async def page(self, query: SearchQuery) -> Page:
        """Find one page; the total where it is asked for, or where nothing lies outside the page."""
        async with in_time():
            documents = await self._documents(query) if query.count else []
            hits = [stored(one, self.sight) for one in documents[: query.count]]
            more = len(documents) > query.count
            total = None if more or query.after or not query.count else len(hits)
            if query.counted and total is None:
                total = await self.db.records.count_documents(self.wanted(query), maxTimeMS=SEARCH_MS)
        return Page(hits, self._cursor(query, documents[query.count - 1]) if more else None, total)

    async def _documents(self, query: SearchQuery) -> list[dict[str, Any]]:
        wanted, order = self.wanted(query), order_of(query)
        if query.after is not None:
            wanted["$and"] = [*wanted.get("$and", ()), *rest_filter(query, query.after)]
        shown: dict[str, Any] = {**OUT, **{field: 1 for field, _ in order}}
        if query.sort != NEWEST_FIRST:
            shown["read"] = "$$NOW"
        cursor = self.db.records.find(wanted, shown, max_time_ms=SEARCH_MS)
        if hint := hint_for(query):
            cursor = cursor.hint(hint)
        return await cursor.sort(order).limit(query.count + 1).to_list(query.count + 1)

    def _cursor(self, query: SearchQuery, last: dict[str, Any]) -> Cursor:
        until = query.after.until if query.after else last.get("read", self.now)
        return Cursor(until, keys_in(query, last), last["key"])

    async def keys(self, query: SearchQuery, most: int) -> list[str]:
        """Give the keys of what matches, one more than `most` when there are more."""
        async with in_time():
            found = self.db.records.find(self._passable(query), {"_id": 0, "key": 1}, max_time_ms=SEARCH_MS)
            if hint := hint_for(query):
                found = found.hint(hint)
            return [one["key"] async for one in found.limit(most + 1)]

    async def targets(self, query: SearchQuery, param: str, kind: str, most: int) -> set[str]:
        """Give what of a type the matches refer to by a parameter, more than `most` when there are more."""
        start = f"{param}{REFERRED}{kind}/"
        within = {"$and": [{"$gte": ["$$term", start]}, {"$lt": ["$$term", start + LAST]}]}
        shown = {"_id": 0, "terms": {"$filter": {"input": "$terms", "as": "term", "cond": within}}}
        wanted = self._passable(query)
        if not (hint := hint_for(query)):  # else it could lead the planner away from what few have
            wanted["terms"] = {"$elemMatch": {"$gte": start, "$lt": start + LAST}}
        targets: set[str] = set()
        async with in_time():
            found = self.db.records.find(wanted, shown, max_time_ms=SEARCH_MS)
            async for one in found.hint(hint) if hint else found:
                targets |= targets_in(one["terms"], param, kind)
                if len(targets) > most:
                    break
        return targets

    def _passable(self, query: SearchQuery) -> dict[str, Any]:
        """No chain passes through what must not be a search term: PDL 2 kap. 8 §."""
        wanted = self.wanted(query)
        if query.type == "Task":
            wanted["$and"] = [*wanted.get("$and", ()), {"terms": {"$ne": WITHHELD}}]
        return wanted

    async def visible(self, keys: Collection[str]) -> list[Stored]:
        """Read those of the keys that the reader may see."""
        wanted = {"key": {"$in": sorted(keys)}, "current": True, **readable(self.sight, self.now)}
        async with in_time():
            found = self.db.records.find(wanted, OUT, hint="current", max_time_ms=SEARCH_MS)
            return [stored(one, self.sight) async for one in found.sort("key", 1)]


def hint_for(query: SearchQuery) -> str | None:
    """Name the index where one is plainly best; else the planner races those that could do.

    It keeps the winner for all searches of the same shape, and to it a status has the shape of an identifier.
    """
    if any(isinstance(one, IdCondition) and not one.negated for one in query.conditions):
        return "current"
    if persons_asked_for(query):
        return "person"
    return "terms" if any(map(_is_rare, query.conditions)) else None


def _is_rare(condition: Condition) -> bool:
    """Tell what few resources have: a certain identifier, or a reference into some person's record."""
    if not isinstance(condition, TermCondition) or condition.negated or condition.match != "exact":
        return False
    if condition.param == "identifier":
        return all(CODED in one and not one.endswith("|") for one in condition.terms)
    kinds = {one.partition(REFERRED)[2].partition("/")[0] for one in condition.terms}
    return all(kind in TYPES and TYPES[kind].kind is Kind.PERSON for kind in kinds)
