"""Where figures are kept: one document with the newest edition; MeasureReports stand among the records."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from bson.binary import Binary
from pymongo.errors import DuplicateKeyError

from services.sip.domain.held import Resource
from services.sip.storage.connection import Database
from services.sip.storage.mongo_published import MongoPublished
from services.sip.storage.store_answers import store_answers
from services.sip.use_cases.measure_ports import KeptFigures

NEWEST: Final = "figures"


class MongoMeasureFigures:
    """Implements FiguresStore."""

    def __init__(self, db: Database) -> None:
        self._figures, self._published = db.measures, MongoPublished(db)

    async def latest(self, other_than: int = 0) -> KeptFigures | None:
        """Read the newest edition, unless it is the one already known."""
        with store_answers():
            found = await self._figures.find_one({"_id": NEWEST, "edition": {"$ne": other_than}})
        return _figures(found) if found else None

    async def keep(self, figures: KeptFigures) -> bool:
        """Write both halves as one document over the edition before: no reader meets half of it."""
        document = {
            "_id": NEWEST,
            "edition": figures.edition,
            "computed": figures.computed,
            "seconds": figures.seconds,
            "exact": Binary(figures.exact),
            "published": Binary(figures.published),
        }
        try:
            with store_answers():
                if figures.edition == 1:
                    await self._figures.insert_one(document)
                    return True
                before = {"_id": NEWEST, "edition": figures.edition - 1}
                return (await self._figures.replace_one(before, document)).matched_count == 1
        except DuplicateKeyError:
            return False

    async def keep_reports(self, reports: Sequence[Resource], at: datetime) -> None:
        """Publish each report over the earlier one with its id."""
        if reports:
            with store_answers():
                await self._published.publish(reports, at)


def _figures(found: dict[str, Any]) -> KeptFigures:
    return KeptFigures(
        found["edition"],
        found["computed"],
        found["seconds"],
        bytes(found["exact"]),
        bytes(found["published"]),
    )
