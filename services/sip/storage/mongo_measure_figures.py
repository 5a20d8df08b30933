"""Where figures are kept: one document with the newest edition, and one for each MeasureReport."""

from collections.abc import Sequence
from typing import Any, Final

from bson.binary import Binary
from pymongo import DESCENDING, IndexModel, ReplaceOne
from pymongo.errors import DuplicateKeyError

from services.sip.storage.connection import Database
from services.sip.storage.mongo_measure_errors import store_answers
from services.sip.use_cases.measure_ports import KeptFigures, KeptReport

NEWEST: Final = "figures"
REPORT_INDEXES: Final = [
    IndexModel([("at", DESCENDING), ("_id", DESCENDING)], name="newest"),
    IndexModel([("measure", 1), ("at", DESCENDING), ("_id", DESCENDING)], name="measure"),
]


class MongoMeasureFigures:
    """Implements FiguresStore."""

    def __init__(self, db: Database) -> None:
        self._figures, self._reports = db.measures, db.measure_reports

    async def prepare(self) -> None:
        """Create the indexes that are missing."""
        with store_answers():
            await self._reports.create_indexes(REPORT_INDEXES)

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

    async def keep_reports(self, reports: Sequence[KeptReport]) -> None:
        """Write each report over the earlier one with its id."""
        if reports:
            with store_answers():
                await self._reports.bulk_write(
                    [ReplaceOne({"_id": one.id}, _document(one), upsert=True) for one in reports]
                )

    async def report(self, id: str) -> KeptReport | None:
        """Read one report."""
        with store_answers():
            found = await self._reports.find_one({"_id": {"$eq": id}})
        return _report(found) if found else None

    async def reports(self, measure: str | None, count: int) -> Sequence[KeptReport]:
        """Read the newest reports."""
        wanted = {} if measure is None else {"measure": {"$eq": measure}}
        with store_answers():
            found = self._reports.find(wanted).sort([("at", -1), ("_id", -1)]).limit(count)
            return [_report(one) async for one in found]


def _figures(found: dict[str, Any]) -> KeptFigures:
    return KeptFigures(
        found["edition"],
        found["computed"],
        found["seconds"],
        bytes(found["exact"]),
        bytes(found["published"]),
    )


def _document(report: KeptReport) -> dict[str, Any]:
    return {"_id": report.id, "measure": report.measure, "at": report.at, "body": Binary(report.body)}


def _report(found: dict[str, Any]) -> KeptReport:
    return KeptReport(found["_id"], found["measure"], found["at"], bytes(found["body"]))
