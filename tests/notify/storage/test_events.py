"""Events: the same one twice is one."""

from datetime import timedelta

import pytest

from services.notify.storage.database import Database
from services.notify.storage.mongo_events import MongoEvents
from tests.notify.domain.made import NOW, record_event

pytestmark = pytest.mark.anyio
BATCH = [record_event(id=f"e{n}") for n in range(5)]


@pytest.fixture
def events(database: Database) -> MongoEvents:
    return MongoEvents(database, timedelta(days=1))


async def test_new_events_are_given_back_in_their_order(events: MongoEvents) -> None:
    assert await events.keep(BATCH, NOW) == BATCH


async def test_an_event_twice_in_a_batch_is_one(events: MongoEvents) -> None:
    assert await events.keep([BATCH[0], BATCH[1], BATCH[0]], NOW) == BATCH[:2]


async def test_what_was_interrupted_before_it_was_addressed_is_done_again(events: MongoEvents) -> None:
    await events.keep(BATCH, NOW)
    await events.mark_addressed(BATCH[:3])

    assert await events.keep([*BATCH, record_event(id="new")], NOW) == [*BATCH[3:], record_event(id="new")]


async def test_the_same_id_from_another_source_is_another_event(events: MongoEvents) -> None:
    await events.keep(BATCH, NOW)
    await events.mark_addressed(BATCH)
    other = record_event(id="e0", source="https://other.test/fhir")

    assert await events.keep([other], NOW) == [other]
