"""The compact rows that figures are made of: one document a person, and how far they reach."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from bson.binary import Binary
from motor.motor_asyncio import AsyncIOMotorClientSession
from pymongo import DeleteOne, ReplaceOne, ReturnDocument
from pymongo.errors import OperationFailure
from pymongo.read_concern import ReadConcern

from services.sip.storage.connection import DURABLE, SNAPSHOT, Client, Database
from services.sip.storage.store_answers import answering, store_answers
from services.sip.use_cases.measure_ports import AnotherLeads, Mark, Position, Standing

BATCH: Final = 1000
STATE: Final = "rows"


class MongoMeasureRows:
    """Implements RowsStore."""

    def __init__(self, client: Client, db: Database) -> None:
        """Take the client, for transactions, and the database."""
        self._client, self._people, self._state = client, db.measure_people, db.measures

    @answering
    async def lead(self, definition: str) -> Position:
        """Count the term up, which every transaction of a leader before it then fails on."""
        same = {"$eq": ["$definition", {"$literal": definition}]}
        begun = {
            "term": {"$add": [{"$ifNull": ["$term", 0]}, 1]},
            # What was computed in another way must not be taken for what stands.
            "mark": {"$cond": [same, "$mark", "$$REMOVE"]},
            "definition": {"$literal": definition},
        }
        state = await self._state.find_one_and_update(
            {"_id": STATE}, [{"$set": begun}], upsert=True, return_document=ReturnDocument.AFTER
        )
        return Position(state["term"], state.get("mark"))

    async def everything_told(self) -> AsyncIterator[Sequence[bytes]]:
        """Stream in the order they lie on disk."""
        async for documents in self._streamed({"told": 1}):
            yield [one["told"] for one in documents]

    async def everybody(self) -> AsyncIterator[Sequence[tuple[str, bytes]]]:
        """Stream in the order they lie on disk."""
        async for documents in self._streamed({"rows": 1}):
            yield [(one["_id"], one["rows"]) for one in documents]

    async def _streamed(self, wanted: dict[str, int]) -> AsyncIterator[Sequence[dict[str, Any]]]:
        with store_answers():
            async with await self._client.start_session(snapshot=True) as session:
                people = self._people.with_options(read_concern=ReadConcern())
                found = people.find({}, wanted, session=session, batch_size=BATCH)
                while documents := await found.to_list(BATCH):
                    yield documents

    @answering
    async def told_of(self, persons: Collection[str]) -> Mapping[str, bytes]:
        """Look them up at once."""
        found = self._people.find({"_id": {"$in": list(persons)}}, {"told": 1})
        return {one["_id"]: one["told"] async for one in found}

    @answering
    async def over_by(self, now: datetime, most: int) -> Mapping[str, bytes]:
        """Walk the index by time."""
        found = self._people.find({"until": {"$lte": now}}, {"rows": 1}).sort("until", 1).limit(most)
        return {one["_id"]: one["rows"] async for one in found}

    @answering
    async def put(self, term: int, standing: Sequence[Standing], gone: Collection[str] = ()) -> None:
        """Write in one transaction with the state, so that a term that is over can write nothing."""
        writes: list[ReplaceOne[dict[str, Any]] | DeleteOne] = [
            ReplaceOne({"_id": one.person}, _document(one, term), upsert=True) for one in standing
        ]
        writes += [DeleteOne({"_id": person}) for person in gone]
        async with await self._client.start_session() as session:
            try:
                async with session.start_transaction(SNAPSHOT, DURABLE):
                    await self._still_leads(term, session)
                    if writes:
                        await self._people.bulk_write(writes, ordered=False, session=session)
            except OperationFailure as failed:
                if failed.has_error_label("TransientTransactionError"):
                    raise AnotherLeads from failed
                raise

    async def _still_leads(self, term: int, session: AsyncIOMotorClientSession) -> None:
        """Write the state as well: two leaders at once then conflict, whoever comes first."""
        done = await self._state.update_one(
            {"_id": STATE, "term": term}, {"$inc": {"puts": 1}}, session=session
        )
        if done.matched_count != 1:
            raise AnotherLeads

    @answering
    async def sweep(self, term: int) -> None:
        """Remove by the term alone: what a later leader has put stays, should this one be late."""
        await self._people.delete_many({"term": {"$lt": term}})

    @answering
    async def reached(self, term: int, mark: Mark) -> None:
        """Move the mark, if the term is still this one."""
        done = await self._state.update_one({"_id": STATE, "term": term}, {"$set": {"mark": mark}})
        if done.matched_count != 1:
            raise AnotherLeads


def _document(one: Standing, term: int) -> dict[str, Any]:
    return {
        "_id": one.person,
        "rows": Binary(one.rows),
        "told": Binary(one.told),
        "until": one.until,
        "term": term,
    }
