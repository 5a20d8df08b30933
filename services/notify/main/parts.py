"""The parts that both processes have: the clock, the stores, the question to sip, our addresses."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from services.chassis.service_token import ServiceToken
from services.notify.channels.right_to_know import RightToKnow
from services.notify.domain.breaker import BreakerRules
from services.notify.domain.notification import Bases
from services.notify.settings import NotifySettings
from services.notify.storage.database import UNREACHABLE, Database
from services.notify.storage.mongo_breakers import MongoBreakers
from services.notify.storage.mongo_deliveries import MongoDeliveries
from services.notify.storage.mongo_events import MongoEvents
from services.notify.storage.mongo_inbox import MongoInbox
from services.notify.storage.mongo_lanes import MongoLanes
from services.notify.storage.mongo_numbers import MongoNumbers
from services.notify.storage.mongo_subscriptions import MongoSubscriptions
from services.notify.storage.mongo_ways import MongoWays

log = logging.getLogger(__name__)


def now() -> datetime:
    """Read the clock; everybody else is told the time."""
    return datetime.now(UTC)


class Stores:
    """The stores over one database."""

    def __init__(self, database: Database, settings: NotifySettings) -> None:
        """Take the open database."""
        keep_for = timedelta(days=settings.keep_days)
        self.database = database
        self.events = MongoEvents(database, keep_for)
        self.subscriptions = MongoSubscriptions(database)
        self.numbers = MongoNumbers(database)
        self.deliveries = MongoDeliveries(database, keep_for)
        self.lanes = MongoLanes(database, settings.lease_seconds)
        self.breakers = MongoBreakers(database, BreakerRules())
        self.inbox = MongoInbox(database)
        self.ways = MongoWays(database)
        self._prepared = False

    async def prepare(self) -> None:
        """Make the indexes as soon as the database lets us."""
        while not self._prepared:
            try:
                await self.database.make_indexes()
                self._prepared = True
            except UNREACHABLE as failure:
                log.warning("indexes_not_made", extra={"error_type": type(failure).__name__})
                await asyncio.sleep(1.0)

    async def ready(self) -> bool:
        """Say whether the database can be worked with."""
        return self._prepared and await self.database.answers()


@contextlib.asynccontextmanager
async def opened_stores(settings: NotifySettings) -> AsyncIterator[Stores]:
    """Open the stores for the time of the block; they become ready when the database answers."""
    async with Database(settings.mongo_url, settings.mongo_database) as database:
        stores = Stores(database, settings)
        async with beside(stores.prepare()):
            yield stores


@contextlib.asynccontextmanager
async def beside(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do work beside the block, and end it with the block."""
    tasks = [asyncio.create_task(one) for one in work]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def rights_of(settings: NotifySettings) -> RightToKnow:
    """Make the question to sip."""
    client = (settings.client_id, settings.client_secret)
    token = ServiceToken(settings.token_url, client, "system/right-to-know.c", time.time)
    return RightToKnow(settings.sip_url, token)


def bases_of(settings: NotifySettings) -> Bases:
    """Give the addresses that references stand on."""
    record = settings.public_base.rstrip("/")
    return Bases(f"{record}/fhir", f"{(settings.subscription_base or record).rstrip('/')}/fhir")
