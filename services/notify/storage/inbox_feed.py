"""Rings for a unit as soon as something is put into its inbox; asking again is the net beneath."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from pymongo.errors import PyMongoError
from pymongo.read_concern import ReadConcern

from services.notify.storage.database import Database

AGAIN_AFTER: Final = 1.0  # seconds
PIPELINE: Final[list[Mapping[str, Any]]] = [
    {"$match": {"operationType": "insert"}},
    {"$project": {"unit": "$fullDocument.unit"}},
]

log = logging.getLogger(__name__)


async def follow_inbox(database: Database, ring: Callable[[str], None]) -> None:
    """Call `ring` with the unit of every entry that is put in, until cancelled."""
    while True:
        try:
            inbox = database["inbox"].with_options(read_concern=ReadConcern("majority"))
            async with inbox.watch(PIPELINE, max_await_time_ms=1000) as changes:
                async for change in changes:
                    ring(change["unit"])
        except PyMongoError as failure:
            log.warning("inbox_feed_interrupted", extra={"error_type": type(failure).__name__})
        await asyncio.sleep(AGAIN_AFTER)
