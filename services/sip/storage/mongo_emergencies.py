"""Emergency access: a right for some hours on everything in one person's record, granted in one transaction."""

from pymongo import UpdateOne

from services.sip.domain.held import Reader, merged
from services.sip.storage.connection import DURABLE, SNAPSHOT, Client, Database
from services.sip.storage.documents import access_document, reader_documents, readers_in
from services.sip.use_cases.ports import Access


class MongoEmergencies:
    """Implements Emergencies."""

    def __init__(self, client: Client, db: Database) -> None:
        """Take the client, for its transactions, and the database."""
        self._client, self._db = client, db

    async def grant(self, person: str, right: Reader, access: Access) -> None:
        """Note the right with the person's guard, which later writes read, and give it on all there is."""
        async with await self._client.start_session() as session:

            async def work(_session: object) -> None:
                await self._db.persons.update_one(
                    {"_id": person}, {"$push": {"emergencies": reader_documents([right])[0]}}, session=session
                )
                found = self._db.records.find(
                    {"patient": person, "current": True}, {"readers": 1}, session=session, hint="person"
                )
                changes = [
                    UpdateOne(
                        {"_id": one["_id"]},
                        {"$set": {"readers": reader_documents(merged([*readers_in(one), right]))}},
                    )
                    async for one in found
                ]
                await self._db.records.bulk_write(changes, ordered=False, session=session)
                await self._db.access.insert_one(access_document(access), session=session)

            await session.with_transaction(work, read_concern=SNAPSHOT, write_concern=DURABLE)
