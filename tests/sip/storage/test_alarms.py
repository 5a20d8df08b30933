"""What time brings is put into the outbox once, whoever looks and however often."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from services.sip.domain import codes
from services.sip.domain.minors import Ages
from services.sip.domain.retention import Retention, Terms
from services.sip.storage.mongo_alarms import MongoAlarms
from services.sip.storage.mongo_outbox import MongoOutbox
from services.sip.storage.mongo_purge import MongoPurge
from services.sip.use_cases.purge import purge
from services.sip.use_cases.tell_the_time import tell_the_time
from tests.sip.storage.conftest import DOCTOR, NURSE, Keeper, organization, patient

pytestmark = pytest.mark.anyio

LATER = datetime(2026, 12, 24, tzinfo=UTC)
EARLIER = datetime(2026, 11, 23, tzinfo=UTC)


def task(person: str, end: str, **content: Any) -> dict[str, Any]:
    return {
        "resourceType": "Task", "status": "requested", "intent": "order", "for": {"reference": person},
        "code": codes.TASK_INTERVENTION.concept(), "restriction": {"period": {"end": end}}, **content,
    }  # fmt: skip


async def told(keeper: Keeper) -> list[dict[str, Any]]:
    return await keeper.db.moments.find().sort("_id", 1).to_list(None)


async def test_a_task_that_is_overdue_is_told_once_to_who_may_read_it(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    [key] = await keeper.write(task(person, "2026-12-01"))
    alarms = MongoAlarms(keeper.db)

    assert await tell_the_time(alarms, EARLIER) == (0, 0)
    rounds = await asyncio.gather(*(tell_the_time(alarms, LATER) for _ in range(4)))
    assert await tell_the_time(alarms, LATER) == (0, 0)

    [row] = await told(keeper)
    assert sum(new for _, new in rounds) == 1
    assert row["_id"] == f"{key}#task.overdue@2026-12-01T23:00:00Z"
    assert row["events"] == [{"type": "task.overdue", "parties": [NURSE.unit]}]
    assert (row["patient"], row["version"], row["seq"]) == (person, 1, 2)


async def test_a_new_version_with_the_same_date_is_not_overdue_again_and_one_with_another_is(
    keeper: Keeper,
) -> None:
    [person] = await keeper.write(patient())
    [key] = await keeper.write(task(person, "2026-12-01"))
    alarms = MongoAlarms(keeper.db)
    await tell_the_time(alarms, LATER)

    number = key.partition("/")[2]
    await keeper.write(task(person, "2026-12-01", id=number, priority="urgent"), replaces=1)
    assert await tell_the_time(alarms, LATER) == (1, 0)
    await keeper.write(task(person, "2026-12-10", id=number), replaces=2)
    assert await tell_the_time(alarms, LATER) == (1, 1)
    await keeper.write(task(person, "2026-12-20", id=number, status="cancelled"), replaces=3)

    assert await tell_the_time(alarms, LATER) == (0, 0)
    assert [row["version"] for row in await told(keeper)] == [1, 3]


async def test_who_dies_before_the_alarm_is_set_anew_leaves_it_to_be_told_no_second_time(
    keeper: Keeper,
) -> None:
    [person] = await keeper.write(patient())
    await keeper.write(task(person, "2026-12-01"))
    alarms = MongoAlarms(keeper.db)

    class Dying(MongoAlarms):
        async def wind(self, _rung: Any) -> None:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        await tell_the_time(Dying(keeper.db), LATER)

    assert await tell_the_time(alarms, LATER) == (1, 0)
    assert len(await told(keeper)) == 1


async def test_it_leaves_with_the_outbox_in_its_persons_order(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    [key] = await keeper.write(task(person, "2026-11-01"))
    await tell_the_time(MongoAlarms(keeper.db), datetime(2100, 1, 1, tzinfo=UTC))
    outbox = MongoOutbox(keeper.db, "tests")

    rows = await outbox.unsent(100)
    assert [row["_id"] for row in rows][-1] == f"{key}#task.overdue@2026-11-01T23:00:00Z"
    assert (await outbox.state())[0] == len(rows)
    await outbox.mark_sent([row["_id"] for row in rows])
    assert await outbox.unsent(100) == []

    assert not await outbox.refused(rows[-1]["_id"], "poison", 2)
    assert await outbox.refused(rows[-1]["_id"], "poison", 2)
    assert (await outbox.state())[2] == 1


async def test_what_is_purged_leaves_no_trace_of_what_time_brought(keeper: Keeper) -> None:
    [person] = await keeper.write(patient())
    await keeper.write(task(person, "2026-12-01"))
    await tell_the_time(MongoAlarms(keeper.db), LATER)
    assert await told(keeper)

    ages = datetime(2126, 1, 1, tzinfo=UTC)
    await purge(Retention(Terms()), Ages(), ages, MongoPurge(keeper.db.client, keeper.db))

    assert await told(keeper) == []


async def test_what_rings_is_found_by_its_index_alone(keeper: Keeper) -> None:
    plan = await keeper.db.command(
        "explain", {"find": "records", "filter": {"alarm": {"$lte": LATER}}, "hint": "alarm"}
    )
    assert "IXSCAN" in str(plan)
    assert "COLLSCAN" not in str(plan)


async def test_a_notice_of_a_hospital_reaches_whom_it_is_addressed_to_without_consent(
    keeper: Keeper,
) -> None:
    [giver] = await keeper.write(organization("SE-K", "region"))
    [hospital] = await keeper.write(organization("SE-K-unit", "unit", giver, "hospital"))
    [other] = await keeper.write(organization("SE-R", "municipality"), by=DOCTOR)
    [home_care] = await keeper.write(organization("SE-R-unit", "unit", other, "home-care"), by=DOCTOR)
    [role] = await keeper.write({"resourceType": "PractitionerRole", "organization": {"reference": hospital}})
    [person] = await keeper.write(patient())
    notice = {
        "resourceType": "Communication", "status": "completed", "subject": {"reference": person},
        "category": [codes.DISCHARGE_READY.concept()], "sent": "2026-11-22T10:00:00+01:00",
        "sender": {"reference": role}, "recipient": [{"reference": home_care}],
    }  # fmt: skip
    message = notice | {"category": [codes.MESSAGE.concept()]}
    [told_key] = await keeper.write(notice)
    [message_key] = await keeper.write(message)

    rows = {row["key"]: row for row in await keeper.db.records.find({"type": "Communication"}).to_list(None)}
    assert rows[told_key]["events"] == [{"type": "discharge.ready", "parties": ["SE-R-unit"]}]
    assert rows[message_key]["events"] == [{"type": "record.changed", "parties": []}]
    assert rows[told_key]["alarm"] == datetime(2026, 11, 24, 23, tzinfo=UTC)
