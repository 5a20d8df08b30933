"""How long a large access log takes to verify; by hand: `python -m tests.bench.large_log [records]`."""

import asyncio
import json
import resource
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from bson import ObjectId
from joserfc.jwk import OKPKey

from services.chassis.principal import Principal
from services.chassis.signing_key import SigningKey
from services.sip.domain.sealed_log import Seal, SignedSeal, canonical, leaf, next_seal
from services.sip.storage.connection import Database, connect, database, prepare
from services.sip.storage.documents import access_document
from services.sip.storage.mongo_sealed_log import MongoSealedLog, seal_document
from services.sip.use_cases.ports import Access
from services.sip.use_cases.seal_log import BATCH
from services.sip.use_cases.verify_log import verify_log
from tests.mongod import mongod

START = datetime(2026, 1, 1, tzinfo=UTC)
WHO = Principal("e", "journal", employee="SE9999990101-1P01", unit="SE9999990101-1E01", giver="SE9999990101")


async def fill(db: Database, records: int, key: SigningKey) -> None:
    """Write rows with their seals, as the service would have, only faster."""
    last: Seal | None = None
    for number in range(0, records, BATCH):
        rows = [_row(number + place) for place in range(BATCH)]
        leaves = [leaf(canonical(str(row["_id"]), row)) for row in rows]
        last = next_seal(last, leaves, at=rows[-1]["at"], until=rows[-1]["at"])
        ids = [str(row["_id"]) for row in rows]
        signed = SignedSeal(last, key.name, key.sign(last.content()), ids, leaves)
        await db.access.insert_many([row | {"seal": last.number} for row in rows], ordered=False)
        await db.seals.insert_one(seal_document(signed))


def _row(number: int) -> dict[str, Any]:
    access = Access(
        START + timedelta(milliseconds=number * 20), WHO, "R", "CarePlan", f"Patient/{number % 10_000:036d}",
        [f"CarePlan/{number % 50_000:036d}"], True, "care relation", f"{number:032x}",
    )  # fmt: skip
    document = access_document(access)
    del document["unsealed"]
    return {"_id": ObjectId(), **document}


async def main(records: int) -> None:
    """Fill, verify, print."""
    key = SigningKey(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))
    with mongod() as url:
        client = connect(url)
        db = database(client, "bench_large_log")
        await prepare(db)
        await fill(db, records, key)
        begun, used = time.perf_counter(), time.process_time()
        verdict = await verify_log(MongoSealedLog(client, db), key)
        seconds, used = time.perf_counter() - begun, time.process_time() - used
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        told = f"{seconds:.1f} s, of them {used:.1f} s of our own work; {most} MiB; {verdict.finding}"
        print(f"{verdict.records} records under {verdict.seals} seals: {told}")
        await client.drop_database(db.name)
        client.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000))
