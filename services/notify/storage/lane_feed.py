"""Wakes the worker as soon as something is put into a lane; polling is the net beneath."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from services.notify.storage.database import Database

AGAIN_AFTER: Final = 1.0  # seconds
PIPELINE: Final[list[Mapping[str, Any]]] = [
    {
        "$match": {
            "$or": [
                {"operationType": "insert"},
                {"operationType": "update", "updateDescription.updatedFields.wake": {"$exists": True}},
            ]
        }
    },
    {"$project": {"wake": {"$ifNull": ["$fullDocument.wake", "$updateDescription.updatedFields.wake"]}}},
]

log = logging.getLogger(__name__)


async def follow_lanes(database: Database, wake: Callable[[str], None]) -> None:
    """Call `wake` with the queue of every lane that got something, until cancelled; what is missed is polled."""
    while True:
        try:
            lanes = database["lanes"].with_options(read_concern=ReadConcern("majority"))
            async with lanes.watch(PIPELINE, max_await_time_ms=1000) as changes:
                async for change in changes:
                    wake(change["wake"].rpartition(" ")[0])
        except PyMongoError as failure:
            log.warning("lane_feed_interrupted", extra={"error_type": type(failure).__name__})
        await asyncio.sleep(AGAIN_AFTER)
