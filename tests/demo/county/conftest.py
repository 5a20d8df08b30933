"""The county of one day, and a keeper of records into which it has been loaded: made once for these tests."""

import asyncio
from datetime import date

import pytest

from services.demo.county.loader import Report, load_county
from services.demo.county.loads import County, Load, county
from tests.demo.county.record_keeper import RecordKeeper

TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def settled() -> County:
    return county(TODAY)


@pytest.fixture(scope="session")
def loads(settled: County) -> list[Load]:
    return settled.loads()


@pytest.fixture(scope="session")
def loaded(loads: list[Load]) -> tuple[RecordKeeper, Report]:
    keeper = RecordKeeper()
    report = asyncio.run(load_county(loads, keeper, lambda _entries, _label: None))
    return keeper, report


@pytest.fixture(scope="session")
def keeper(loaded: tuple[RecordKeeper, Report]) -> RecordKeeper:
    return loaded[0]
