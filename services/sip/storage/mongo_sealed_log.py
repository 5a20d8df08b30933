"""The access log with its seals: rows are never rewritten, each seal holds the ids and hashes of its batch."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC
from typing import Any, Final

import bson
from bson import ObjectId
from bson.binary import Binary
from bson.codec_options import CodecOptions
from pymongo.errors import DuplicateKeyError, OperationFailure

from services.sip.domain.sealed_log import Seal, SignedSeal
from services.sip.storage.connection import DURABLE, SNAPSHOT, Client, Database
from services.sip.use_cases.seal_ports import LogRow

ID_BYTES: Final = 12
HASH_BYTES: Final = 32
NAIVE: Final = CodecOptions[dict[str, Any]](tz_aware=False)
"""Times come as UTC without saying so; to have the driver say so takes longer than all the rest of a row."""


class MongoSealedLog:
    """Implements SealedLog."""

    def __init__(self, client: Client, db: Database) -> None:
        """Take the client, for its transactions, and the database."""
        self._client, self._db = client, db

    async def last(self) -> Seal | None:
        """Give the newest seal."""
        found = await self._db.seals.find_one({}, {"ids": 0, "leaves": 0}, sort=[("_id", -1)])
        return _seal(found) if found else None

    async def unsealed(self, count: int) -> Sequence[LogRow]:
        """Give the oldest rows without a seal."""
        found = self._db.access.find({"unsealed": True}, hint="unsealed").sort([("at", 1), ("_id", 1)])
        return [_row(document) async for document in found.limit(count)]

    async def seal(self, signed: SignedSeal) -> bool:
        """Store the seal and mark its rows in one transaction; false when the number was taken meanwhile."""
        ids = [ObjectId(one) for one in signed.ids]
        try:
            async with (
                await self._client.start_session() as session,
                session.start_transaction(SNAPSHOT, DURABLE),
            ):
                await self._db.seals.insert_one(seal_document(signed), session=session)
                await self._db.access.update_many(
                    {"_id": {"$in": ids}, "unsealed": True},
                    {"$unset": {"unsealed": ""}, "$set": {"seal": signed.seal.number}},
                    session=session,
                )
        except DuplicateKeyError:
            return False
        except OperationFailure as failed:
            if failed.has_error_label("TransientTransactionError"):
                return False
            raise
        return True

    async def seals(self, after: int = 0) -> AsyncIterator[SignedSeal]:
        """Give the seals in order."""
        async for found in self._db.seals.find({"_id": {"$gt": after}}).sort("_id", 1).batch_size(50):
            yield SignedSeal(
                _seal(found),
                found["key"],
                bytes(found["signature"]),
                [bytes(one).hex() for one in _pieces(found["ids"], ID_BYTES)],
                _pieces(found["leaves"], HASH_BYTES),
            )

    async def rows(self, ids: Sequence[str]) -> Mapping[str, LogRow]:
        """Look rows up by id; they come in one piece, which is what makes a million of them quick."""
        wanted = {"_id": {"$in": [ObjectId(one) for one in ids]}}
        found: dict[str, LogRow] = {}
        cursor = self._db.access.find_raw_batches(wanted, batch_size=len(ids) + 1)
        async for batch in cursor:
            for document in bson.decode_all(batch, NAIVE):
                document["at"] = document["at"].replace(tzinfo=UTC)
                row = _row(document)
                found[row.number] = row
        return found

    async def counted(self) -> int:
        """Count the rows that claim to be sealed."""
        everything = await self._db.access.count_documents({})
        return everything - await self._db.access.count_documents({"unsealed": True}, hint="unsealed")

    async def claiming(self) -> AsyncIterator[str]:
        """Give the ids of the rows that claim to be sealed, oldest first."""
        found = self._db.access.find({"unsealed": {"$ne": True}}, {"_id": 1}).sort("_id", 1)
        async for document in found:
            yield str(document["_id"])

    async def waiting(self) -> tuple[int, float]:
        """Give how many rows wait for a seal, and the oldest one's age in seconds."""
        count = await self._db.access.count_documents({"unsealed": True}, hint="unsealed", limit=100_000)
        told = await self._db.access.aggregate(
            [
                {"$match": {"unsealed": True}},
                {"$sort": {"at": 1}},
                {"$limit": 1},
                {"$project": {"age": {"$subtract": ["$$NOW", "$at"]}}},
            ],
            hint="unsealed",
        ).to_list(1)
        return count, max(0.0, float(told[0]["age"]) / 1000) if told else 0.0


def _row(document: Mapping[str, Any]) -> LogRow:
    return LogRow(str(document["_id"]), document)


def _seal(found: Mapping[str, Any]) -> Seal:
    return Seal(
        found["_id"],
        found["at"],
        found["until"],
        found["count"],
        bytes(found["root"]),
        bytes(found["previous"]),
    )


def seal_document(signed: SignedSeal) -> dict[str, Any]:
    """Write a seal down."""
    seal = signed.seal
    return {
        "_id": seal.number,
        "at": seal.at,
        "until": seal.until,
        "count": seal.count,
        "root": Binary(seal.root),
        "previous": Binary(seal.previous),
        "key": signed.key,
        "signature": Binary(signed.signature),
        "ids": Binary(b"".join(bytes.fromhex(one) for one in signed.ids)),
        "leaves": Binary(b"".join(signed.leaves)),
    }


def _pieces(whole: bytes, length: int) -> list[bytes]:
    return [bytes(whole[start : start + length]) for start in range(0, len(whole), length)]
