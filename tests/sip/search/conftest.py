"""One county a module, and short ways to ask it."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.sip.harness import NURSE, County, county, patient
from tests.sip.search.asking import created, goal


@pytest.fixture(scope="module")
def served(mongo_url: str) -> Iterator[County]:
    """Serve a county."""
    with county(mongo_url) as running:
        yield running


@pytest.fixture(scope="module")
def nurse(served: County) -> Iterator[httpx2.Client]:
    """A nurse of the municipality; what is laid in here need not be whole, so no validator is shown it."""
    with served.staff(NURSE) as client:
        client.event_hooks = {}
        yield client


@pytest.fixture
def person(served: County, nurse: httpx2.Client) -> str:
    """Register a resident."""
    return created(nurse, patient(next(served.numbers)))


@pytest.fixture
def goals(nurse: httpx2.Client, person: str) -> list[str]:
    """Write seven goals of the resident, a day apart."""
    return [created(nurse, goal(person, place)) for place in range(7)]
