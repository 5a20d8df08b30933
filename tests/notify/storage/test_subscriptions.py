"""Subscriptions as stored: one that is over ends, whoever looks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.notify.domain.subscription import Status
from services.notify.storage.database import Database
from services.notify.storage.mongo_subscriptions import MongoSubscriptions
from tests.notify.domain.made import NOW, OWNER, held

pytestmark = pytest.mark.anyio


async def test_one_whose_end_has_passed_is_off(database: Database) -> None:
    store = MongoSubscriptions(database)
    await store.add(held(id="over", end=NOW))
    await store.add(held(id="failed", end=NOW, status=Status.ERROR))
    await store.add(held(id="running", end=NOW + timedelta(seconds=1)))
    await store.add(held(id="endless"))

    assert await store.expire(NOW) == 2
    assert await store.expire(NOW) == 0
    statuses = {
        name: (await store.of_owner(name, OWNER)).status for name in ("over", "failed", "running", "endless")
    }
    assert statuses == {
        "over": Status.OFF, "failed": Status.OFF, "running": Status.ACTIVE, "endless": Status.ACTIVE,
    }  # fmt: skip
    assert not (await store.of_owner("over", OWNER)).live


async def test_what_it_takes_to_beat_and_to_give_up_is_found(database: Database) -> None:
    store = MongoSubscriptions(database)
    await store.add(held(id="beats", heartbeat=5))
    await store.add(held(id="silent"))
    await store.add(held(id="failed", heartbeat=5, status=Status.ERROR))
    await store.told("beats", NOW)

    assert [(one.id, one.told_at) for one in await store.with_heartbeat()] == [("beats", NOW)]
    assert {one.id for one in await store.active_at(held().order.endpoint)} == {"beats", "silent"}
    assert replace(await store.of_owner("silent", OWNER), told_at=None).told_at is None
