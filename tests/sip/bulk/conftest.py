"""One health centre for all tests of bulk imports."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.sip.bulk.material import Centre, centre
from tests.sip.harness import DOCTOR, County, county


@pytest.fixture(scope="package")
def served(mongo_url: str) -> Iterator[County]:
    with county(mongo_url) as running:
        yield running


@pytest.fixture(scope="package")
def home(served: County) -> Centre:
    return centre(served)


@pytest.fixture
def doctor(served: County) -> Iterator[httpx2.Client]:
    with served.staff(DOCTOR) as client:
        yield client
