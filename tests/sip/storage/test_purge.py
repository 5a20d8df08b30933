"""What retention has run out for goes, and nothing sooner; each purge is on record, and the log still verifies."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.sip.domain.minors import Ages
from services.sip.domain.retention import YEAR, Retention, Terms
from services.sip.storage.mongo_purge import MongoPurge
from services.sip.storage.mongo_whole_records import MongoWholeRecords
from services.sip.use_cases.purge import Order, Purged, destroy, purge
from services.sip.use_cases.seal_log import seal_log
from services.sip.use_cases.verify_log import EARLY, verify_log
from services.sip.use_cases.verify_readers import verify_readers
from tests.sip.storage.conftest import DOCTOR, NURSE, Keeper, organization, patient
from tests.sip.storage.test_sealed_log import KEY, looked, row, three_seals

pytestmark = pytest.mark.anyio
TODAY = datetime.now(UTC)  # noqa: TID251 - the store tells its own time, so what is old is old from today
URN = "urn:uuid:00000000-0000-4000-8000-00000000000"
Json = dict[str, Any]


def social(keeper: Keeper) -> Any:
    return keeper.write(
        organization("SE-K", "municipality") | {"_url": f"{URN}1"},
        organization("SE-K-unit", "unit", f"{URN}1", "social-services"),
        by=NURSE,
    )


async def a_record(keeper: Keeper) -> tuple[str, str, str]:
    """Let the social services and a doctor each note something; gives the person and the two."""
    await social(keeper)
    [person] = await keeper.write(patient())
    about = {"subject": {"reference": person}}
    [theirs] = await keeper.write({"resourceType": "Condition", **about})
    [others] = await keeper.write({"resourceType": "Condition", **about}, by=DOCTOR)
    return person, theirs, others


async def purged(keeper: Keeper, years: float, **terms: int) -> Purged:
    store = MongoPurge(keeper.db.client, keeper.db)
    return await purge(Retention(Terms(**terms)), Ages(), TODAY + years * YEAR, store)


async def left(keeper: Keeper) -> set[str]:
    return {one["key"] async for one in keeper.db.records.find({"patient": {"$ne": None}})}


async def test_each_party_purges_by_its_own_law_and_the_person_goes_last(keeper: Keeper) -> None:
    person, theirs, others = await a_record(keeper)
    assert (await purged(keeper, 4.9)).resources == 0
    assert await left(keeper) == {person, theirs, others}
    assert (await purged(keeper, 5.1)).resources == 1
    assert await left(keeper) == {person, others}
    assert (await purged(keeper, 9.9)).resources == 0
    done = await purged(keeper, 10.1)
    assert (done.resources, done.persons) == (2, 1)
    assert await left(keeper) == set()


async def test_a_purge_is_on_record_and_leaves_the_hash_of_every_version(keeper: Keeper) -> None:
    person, theirs, _ = await a_record(keeper)
    about = {"resourceType": "Condition", "id": theirs.partition("/")[2], "subject": {"reference": person}}
    await keeper.write(about, replaces=1)
    assert (await purged(keeper, 5.1)).resources == 1
    stones = [one async for one in keeper.db.tombstones.find()]
    assert sorted(one["_id"] for one in stones) == [f"{theirs}/1", f"{theirs}/2"]
    assert {len(one["hash"]) for one in stones} == {32}
    [told] = await keeper.db.access.find({"action": "D"}).to_list(None)
    assert (told["person"], told["keys"], told["giver"]) == (person, [theirs], "SE-K")
    assert told["reason"].startswith("purged: SoL")
    assert "body" not in stones[0]


async def test_what_something_refers_to_that_stays_waits(keeper: Keeper) -> None:
    person, theirs, _ = await a_record(keeper)
    await keeper.db.records.update_one(
        {"key": theirs, "current": True}, {"$push": {"readers": _right("SE-R-unit")}}
    )
    plan = {
        "resourceType": "CarePlan", "status": "draft", "intent": "plan", "subject": {"reference": person},
        "addresses": [{"reference": theirs}],
    }  # fmt: skip
    await keeper.write(plan, by=DOCTOR)
    done = await purged(keeper, 5.1)
    assert (done.resources, done.waiting) == (0, 1)
    assert theirs in await left(keeper)


def _right(unit: str) -> Json:
    return {"unit": unit, "from": datetime(1900, 1, 1, tzinfo=UTC), "until": datetime(9999, 1, 1, tzinfo=UTC)}


async def test_who_reads_what_stays_is_judged_anew(keeper: Keeper) -> None:
    await a_record(keeper)
    await purged(keeper, 5.1)
    verdict = await verify_readers(MongoWholeRecords(keeper.db.client, keeper.db), TODAY, Ages())
    assert verdict.differences == []


async def test_a_care_givers_own_terms_go_before_those_of_others(keeper: Keeper) -> None:
    await a_record(keeper)
    store = MongoPurge(keeper.db.client, keeper.db)
    longer = Retention(Terms(), {"SE-K": Terms(social=8)})
    assert (await purge(longer, Ages(), TODAY + 6 * YEAR, store)).resources == 0
    assert (await purge(longer, Ages(), TODAY + 8.1 * YEAR, store)).resources == 1


async def test_an_order_destroys_one_care_givers_record_at_once_and_says_by_which(keeper: Keeper) -> None:
    person, theirs, others = await a_record(keeper)
    store = MongoPurge(keeper.db.client, keeper.db)
    assert await destroy(Order("IVO 8.2-1/2026", person, "SE-K"), Ages(), TODAY, store) == 1
    assert await left(keeper) == {person, others}
    [told] = await keeper.db.access.find({"action": "D"}).to_list(None)
    assert (told["query"], told["keys"]) == ("IVO 8.2-1/2026", [theirs])
    assert await destroy(Order("IVO 8.2-1/2026", "Patient/nobody", "SE-K"), Ages(), TODAY, store) == 0


async def test_old_entries_of_the_log_go_under_their_seals_and_the_log_still_verifies(keeper: Keeper) -> None:
    log = await three_seals(keeper)
    store = MongoPurge(keeper.db.client, keeper.db)
    sealed = looked(0).at
    assert (await purge(Retention(), Ages(), sealed + 9.9 * YEAR, store)).entries == 0
    assert (await purge(Retention(), Ages(), sealed + 10.1 * YEAR, store)).entries == 12
    assert await seal_log(log, KEY, sealed + 10.2 * YEAR)
    verdict = await verify_log(log, KEY)
    assert (verdict.purged, verdict.finding) == (12, None)
    assert (
        await purge(Retention(), Ages(), sealed + 30 * YEAR, store)
    ).entries == 0  # what tells of a purge stays


async def test_entries_that_no_seal_covers_are_kept(keeper: Keeper) -> None:
    await keeper.store.log.record([looked(1)])
    assert (await purged(keeper, 30)).entries == 0


async def test_a_purge_before_its_time_is_found_whoever_recorded_it(keeper: Keeper) -> None:
    log = await three_seals(keeper)
    gone = await row(keeper, 1001)
    await keeper.db.access.delete_one({"_id": gone["_id"]})
    key = f"AuditEvent/{gone['_id']}"
    at = timedelta(days=365)
    early = looked(int(at.total_seconds() * 1000), action="D", type="AuditEvent", person=None, keys=[key])
    await keeper.store.log.record([early])
    assert await seal_log(log, KEY, looked(0).at + at + timedelta(seconds=1))
    finding = (await verify_log(log, KEY)).finding
    assert finding is not None
    assert (finding.record, finding.text) == (str(gone["_id"]), EARLY)
