"""A database of its own for each test that computes figures."""

import uuid
from collections.abc import AsyncIterator

import pytest

from services.sip.storage.connection import Client, Database, connect, database, prepare


@pytest.fixture
async def client(mongo_url: str) -> AsyncIterator[Client]:
    connected = connect(mongo_url)
    yield connected
    connected.close()


@pytest.fixture
async def db(client: Client) -> AsyncIterator[Database]:
    name = f"measures-{uuid.uuid4().hex[:12]}"
    made = database(client, name)
    await prepare(made)
    yield made
    await client.drop_database(name)
