"""A sealed log that was edited, thinned, padded, reordered or cut off says where."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from bson import ObjectId
from joserfc.jwk import OKPKey
from prometheus_client import CollectorRegistry

from services.chassis.signing_key import SigningKey
from services.sip.outbound.sealing import HeldLease, Lease, Sealing, sealing_metrics
from services.sip.storage.mongo_sealed_log import MongoSealedLog
from services.sip.use_cases.ports import Access
from services.sip.use_cases.seal_log import seal_log
from services.sip.use_cases.verify_log import LogVerdict, verify_log
from tests.sip.storage.conftest import NOW, NURSE, Keeper

pytestmark = pytest.mark.anyio


def a_key() -> SigningKey:
    key = OKPKey.generate_key("Ed25519")
    return SigningKey(json.dumps(key.as_dict(private=True)))


KEY = a_key()


def looked(number: int, **changed: Any) -> Access:
    at = NOW + timedelta(milliseconds=number)
    fields = {
        "action": "R",
        "type": "Goal",
        "person": "Patient/p",
        "keys": [f"Goal/{number}"],
        "reason": "är",
    }
    return Access(at, NURSE, allowed=True, request_id=f"r{number}", **{**fields, **changed})


async def three_seals(keeper: Keeper, each: int = 4) -> MongoSealedLog:
    """Seal twelve rows in three batches."""
    log = MongoSealedLog(keeper.db.client, keeper.db)
    for batch in range(3):
        await keeper.store.log.record([looked(batch * 1000 + number) for number in range(each)])
        assert await seal_log(log, KEY, NOW + timedelta(seconds=batch + 1))
    return log


async def verdict(keeper: Keeper, **more: Any) -> LogVerdict:
    return await verify_log(MongoSealedLog(keeper.db.client, keeper.db), KEY, **more)


async def row(keeper: Keeper, number: int) -> Any:
    return await keeper.db.access.find_one({"request": f"r{number}"})


async def test_an_untouched_log_is_whole_and_each_row_is_sealed_once(keeper: Keeper) -> None:
    log = await three_seals(keeper)
    found = await verdict(keeper)
    assert (found.seals, found.records, found.finding) == (3, 12, None)
    assert await seal_log(log, KEY, NOW) is None


async def edit(keeper: Keeper) -> str:
    found = await row(keeper, 1001)
    await keeper.db.access.update_one({"_id": found["_id"]}, {"$set": {"unit": "SE-somebody-else"}})
    return f"changed {found['_id']}"


async def edit_a_millisecond(keeper: Keeper) -> str:
    found = await row(keeper, 2)
    later = found["at"] + timedelta(milliseconds=1)
    await keeper.db.access.update_one({"_id": found["_id"]}, {"$set": {"at": later}})
    return f"changed {found['_id']}"


async def add_a_field(keeper: Keeper) -> str:
    found = await row(keeper, 3)
    await keeper.db.access.update_one({"_id": found["_id"]}, {"$set": {"excuse": "emergency"}})
    return f"changed {found['_id']}"


async def delete(keeper: Keeper) -> str:
    found = await row(keeper, 2000)
    await keeper.db.access.delete_one({"_id": found["_id"]})
    return f"removed {found['_id']}"


async def delete_and_edit_later(keeper: Keeper) -> str:
    told = await delete(keeper)
    last = await row(keeper, 2003)
    await keeper.db.access.update_one({"_id": last["_id"]}, {"$set": {"unit": "SE-x"}})
    return told


async def insert_as_sealed(keeper: Keeper) -> str:
    copy = await row(keeper, 1002) | {"_id": ObjectId()}
    await keeper.db.access.insert_one(copy)
    return f"inserted {copy['_id']}"


async def insert_backdated(keeper: Keeper) -> str:
    copy = await row(keeper, 1002) | {"_id": ObjectId(), "unsealed": True}
    await keeper.db.access.insert_one(copy | {"at": NOW - timedelta(days=1)})
    assert await seal_log(MongoSealedLog(keeper.db.client, keeper.db), KEY, NOW + timedelta(hours=1))
    return f"inserted {copy['_id']}"


async def swap_two_rows(keeper: Keeper) -> str:
    one, other = await row(keeper, 1001), await row(keeper, 1002)
    await keeper.db.access.replace_one({"_id": one["_id"]}, other | {"_id": one["_id"]})
    await keeper.db.access.replace_one({"_id": other["_id"]}, one | {"_id": other["_id"]})
    return f"changed {one['_id']}"


async def swap_in_the_list(keeper: Keeper) -> str:
    seal = await keeper.db.seals.find_one({"_id": 2})
    assert seal is not None
    ids = seal["ids"][12:24] + seal["ids"][:12] + seal["ids"][24:]
    await keeper.db.seals.update_one({"_id": 2}, {"$set": {"ids": ids}})
    return f"reordered {ids[:12].hex()}"


async def swap_in_the_list_with_hashes(keeper: Keeper) -> str:
    told = await swap_in_the_list(keeper)
    seal = await keeper.db.seals.find_one({"_id": 2})
    assert seal is not None
    leaves = seal["leaves"][32:64] + seal["leaves"][:32] + seal["leaves"][64:]
    await keeper.db.seals.update_one({"_id": 2}, {"$set": {"leaves": leaves}})
    first = seal["ids"][12:24].hex()
    return f"reordered {first}" if told else ""


async def take_away_a_seal(keeper: Keeper) -> str:
    await keeper.db.seals.delete_one({"_id": 2})
    return "seal None"


async def take_away_the_last_seal(keeper: Keeper) -> str:
    await keeper.db.seals.delete_one({"_id": 3})
    return f"inserted {(await row(keeper, 2000))['_id']}"


async def forge_a_seal(keeper: Keeper) -> str:
    await keeper.db.seals.update_one({"_id": 2}, {"$set": {"count": 5}})
    return "seal None"


async def sign_with_another_key(keeper: Keeper) -> str:
    await keeper.store.log.record([looked(5000)])
    assert await seal_log(MongoSealedLog(keeper.db.client, keeper.db), a_key(), NOW + timedelta(seconds=9))
    return "seal None"


TAMPERED: dict[str, Callable[[Keeper], Awaitable[str]]] = {
    one.__name__.replace("_", " "): one
    for one in (
        edit, edit_a_millisecond, add_a_field, delete, delete_and_edit_later, insert_as_sealed, insert_backdated,
        swap_two_rows, swap_in_the_list, swap_in_the_list_with_hashes, take_away_a_seal, take_away_the_last_seal,
        forge_a_seal, sign_with_another_key,
    )
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
async def test_whatever_is_done_to_the_log_the_first_record_concerned_is_named(
    keeper: Keeper, name: str
) -> None:
    await three_seals(keeper)
    told = await TAMPERED[name](keeper)
    finding = (await verdict(keeper)).finding
    assert finding is not None
    assert f"{finding.kind} {finding.record}" == told


async def test_a_log_cut_off_with_its_seals_is_shown_by_what_was_published(keeper: Keeper) -> None:
    log = await three_seals(keeper)
    published = {one.seal.number: one.seal.root.hex() async for one in log.seals()}
    assert (await verdict(keeper, published=published)).finding is None
    await keeper.db.seals.delete_one({"_id": 3})
    await keeper.db.access.delete_many({"seal": 3})
    assert (await verdict(keeper)).finding is None
    finding = (await verdict(keeper, published=published)).finding
    assert finding is not None
    assert "cut off" in finding.text


async def test_a_log_written_anew_with_the_key_is_shown_by_what_was_published(keeper: Keeper) -> None:
    await three_seals(keeper)
    finding = (await verdict(keeper, published={2: "00" * 32})).finding
    assert finding is not None
    assert (finding.kind, finding.seal) == ("seal", 2)


async def test_a_purge_on_record_leaves_a_log_that_still_verifies(keeper: Keeper) -> None:
    log = await three_seals(keeper)
    gone = await row(keeper, 1001)
    await keeper.db.access.delete_one({"_id": gone["_id"]})
    years = timedelta(days=6 * 365)
    late = int(years.total_seconds() * 1000)
    purge = looked(late, action="D", type="AuditEvent", person=None, keys=[f"AuditEvent/{gone['_id']}"])
    await keeper.store.log.record([purge])
    assert await seal_log(log, KEY, NOW + years + timedelta(seconds=20))
    found = await verdict(keeper)
    assert (found.purged, found.finding) == (1, None)


async def test_two_who_seal_at_once_seal_nothing_twice(keeper: Keeper) -> None:
    log = MongoSealedLog(keeper.db.client, keeper.db)
    await keeper.store.log.record([looked(number) for number in range(20)])
    await asyncio.gather(*(seal_log(log, KEY, NOW) for _ in range(4)))
    found = await verdict(keeper)
    assert (found.seals, found.records, found.finding) == (1, 20, None)


class Free:
    """A lease that nobody else wants."""

    async def take(self, holder: str, seconds: float) -> bool:
        return bool(holder and seconds)

    async def give_back(self, holder: str) -> None:
        assert holder


async def test_the_process_seals_what_waits_and_publishes_the_roots(keeper: Keeper, tmp_path: Any) -> None:
    lease: Lease = Free()
    store, registry = MongoSealedLog(keeper.db.client, keeper.db), CollectorRegistry()
    sealing = Sealing(store, HeldLease(lease, "me"), KEY, lambda: NOW, tmp_path / "roots")
    await keeper.store.log.record([looked(number) for number in range(1500)])
    work = asyncio.create_task(sealing.run(0.05, sealing_metrics(registry)))
    async with asyncio.timeout(20):
        while registry.get_sample_value("sip_access_rows_sealed_total") != 1500:  # noqa: ASYNC110 - a counter wakes nobody
            await asyncio.sleep(0.05)
    work.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await work
    assert len((tmp_path / "roots").read_text().splitlines()) == 2
    assert (await verdict(keeper)).finding is None
