"""One county a module, and short ways to ask it."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.sip.harness import NURSE, County, county


@pytest.fixture(scope="module")
def served(mongo_url: str) -> Iterator[County]:
    """Serve a county."""
    with county(mongo_url) as running:
        yield running


@pytest.fixture(scope="module")
def nurse(served: County) -> Iterator[httpx2.Client]:
    """A nurse of the municipality."""
    with served.staff(NURSE) as client:
        yield client
