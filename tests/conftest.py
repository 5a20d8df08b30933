"""What every test may stand on: a real mongod for the session, and asyncio for the async ones."""

from collections.abc import Iterator

import pytest

from tests.mongod import mongod


@pytest.fixture(scope="session")
def mongo_url() -> Iterator[str]:
    """Give the URL of the session's replica set; each test takes a database name of its own."""
    with mongod() as url:
        yield url


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the services do."""
    return "asyncio"
