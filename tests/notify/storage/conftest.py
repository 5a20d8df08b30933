"""A database of its own for each test of a store."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.notify.storage.database import Database
from services.notify.storage.mongo_deliveries import MongoDeliveries
from services.notify.storage.mongo_lanes import MongoLanes


@pytest.fixture
async def database(mongo_url: str) -> AsyncIterator[Database]:
    async with Database(mongo_url, f"notify_{uuid.uuid4().hex[:12]}") as opened:
        await opened.make_indexes()
        yield opened


@pytest.fixture
def lanes(database: Database) -> MongoLanes:
    return MongoLanes(database, lease_seconds=1.0)


@pytest.fixture
def deliveries(database: Database) -> MongoDeliveries:
    return MongoDeliveries(database, timedelta(days=1))
