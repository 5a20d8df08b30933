"""The ways in which units want to hear that something is new: one document a unit."""

from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from services.notify.domain.ways import QuietHours, Way, Ways
from services.notify.storage.database import Database


class MongoWays:
    """Implements UnitWays, and keeps what a unit sets."""

    def __init__(self, database: Database) -> None:
        """Take the database."""
        self._ways = database["ways"]

    async def of_units(self, units: Collection[str]) -> Mapping[str, Ways]:
        """Give what these units have set; those that have set nothing are left out."""
        if not units:
            return {}
        found = await self._ways.find({"_id": {"$in": list(units)}}).to_list(None)
        return {document["_id"]: _read(document) for document in found}

    async def of_unit(self, unit: str) -> Ways:
        """Give what one unit has set, be it nothing."""
        found = await self.of_units([unit])
        return found.get(unit) or Ways(unit, {})

    async def put(self, ways: Ways, by: str, now: datetime) -> None:
        """Keep what a unit sets, in place of what it had set; `by` is who did."""
        document = {
            "ways": [
                {
                    "channel": way.channel,
                    "address": way.address,
                    "digest": int(way.digest.total_seconds()),
                    "groups": None if way.groups is None else sorted(way.groups),
                }
                for way in ways.ways.values()
            ],
            "quiet": [ways.quiet.start.isoformat(), ways.quiet.end.isoformat()] if ways.quiet else None,
            "by": by,
            "updated": now,
        }
        await self._ways.replace_one({"_id": ways.unit}, document, upsert=True)


def _read(document: dict[str, Any]) -> Ways:
    ways = [
        Way(
            one["channel"],
            one["address"],
            timedelta(seconds=one["digest"]),
            None if one["groups"] is None else frozenset(one["groups"]),
        )
        for one in document["ways"]
    ]
    quiet = document["quiet"]
    hours = QuietHours(time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])) if quiet else None
    return Ways(document["_id"], {way.channel: way for way in ways}, hours)
