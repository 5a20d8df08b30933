"""Histories: versions of what the reader may see now, found by its newest version."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Final

from services.chassis.outcome import Told
from services.sip.domain.errors import TooCostly
from services.sip.domain.history_query import HistoryQuery
from services.sip.domain.sight import Sight, joined
from services.sip.storage.connection import Database
from services.sip.storage.documents import NEWEST, OUT, readable, stored
from services.sip.storage.store_answers import answering
from services.sip.use_cases.ports import Stored

MOST_KEYS: Final = 5000
MOST_MS: Final = 2000


class MongoHistory:
    """Implements Histories."""

    def __init__(self, db: Database) -> None:
        """Take the database."""
        self._db = db

    @answering
    async def versions(self, keys: Collection[str], query: HistoryQuery, sight: Sight) -> Sequence[Stored]:
        """Read versions, newest first, one more than the page holds where there are more."""
        times: dict[str, Any] = {}
        if query.since is not None:
            times["$gte"] = query.since
        if query.at is not None:
            times["$lt"] = query.at[1]
        if query.after is not None and query.at is None:
            times["$lte"] = query.after[0]
        wanted = {"key": {"$in": list(keys)}, **({"at": times} if times else {})}
        order = [("at", -1), ("key", -1), ("version", -1)]
        found = self._db.records.find(wanted, OUT, hint="versions", max_time_ms=MOST_MS).sort(order)
        if query.at is None:
            found = found.limit(query.count + 1 + (len(keys) if query.after else 0))
        versions = [stored(one, sight) async for one in found]
        return list(islice(query.picked(versions), query.count + 1))

    @answering
    async def keys(self, types: Mapping[str, Sight], now: datetime, query: HistoryQuery) -> Sequence[str]:
        """Find the keys whose versions can stand on the page, by reader and type; raises TooCostly."""
        found: list[tuple[datetime, str]] = []
        for reader in {one.reader for one in types.values()}:
            kinds = [kind for kind, one in types.items() if one.reader == reader]
            sight = joined(types[kind] for kind in kinds)
            for state in ({"current": True}, {"deleted": True, **NEWEST, **_own(reader)}):
                # What was deleted is found by nothing any more, so a scope with a query grants none of it.
                told = [one for one in kinds if not ("deleted" in state and sight.narrows(one))]
                wanted = {"type": {"$in": told}, **state, **readable(sight, now)}
                found += await self._newest(wanted, _hint(state, reader), query)
        found.sort(reverse=True)
        above = [one for one in found if query.at or (query.after and one[0] >= query.after[0])]
        if len(above) > MOST_KEYS:
            text = "So many resources changed that the history is too long to page through: ask from a later _since."
            raise TooCostly(Told("too-costly", text, "http._since"))
        return [key for _, key in found[: len(above) + query.count + 1]]

    async def _newest(
        self, wanted: dict[str, Any], hint: str, query: HistoryQuery
    ) -> list[tuple[datetime, str]]:
        if query.since is not None:
            wanted = {**wanted, "at": {"$gte": query.since}}
        most = query.count + 1 if query.after is None and query.at is None else MOST_KEYS + query.count + 1
        found = self._db.records.find(wanted, {"_id": 0, "key": 1, "at": 1}, hint=hint, max_time_ms=MOST_MS)
        return [(one["at"], one["key"]) async for one in found.sort([("at", -1), ("key", -1)]).limit(most)]


def _own(reader: str | None) -> dict[str, Any]:
    """What was deleted is shown to the unit that wrote it and to the person."""
    return {"$or": [{"own.unit": reader}, {"patient": reader}]} if reader is not None else {}


def _hint(state: Mapping[str, Any], reader: str | None) -> str:
    if "deleted" in state:
        return "deleted"
    return "type" if reader is None else "readers"
