"""Emergency access: the right, its entry in the log and the event that tells of it are one transaction."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from bson import ObjectId
from motor.motor_asyncio import AsyncIOMotorClientSession
from pymongo import ReturnDocument, UpdateOne

from services.sip.domain.blocks import Block, blocks_in
from services.sip.domain.care.events import EMERGENCY
from services.sip.domain.circle import is_hidden
from services.sip.domain.emergency import Opening, Outcome, outcome_of, rights_of
from services.sip.domain.held import Held, merged
from services.sip.domain.resource_types import references_at
from services.sip.storage.connection import DURABLE, SNAPSHOT, Client, Database
from services.sip.storage.documents import (
    HELD,
    access_document,
    audit_outbox_document,
    held,
    openings_in,
    reader_documents,
)
from services.sip.storage.mongo_transaction import next_place
from services.sip.use_cases.ports import Access

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Scene:
    """One person's record inside the transaction, but for what is shown to nobody, and the blocks in it."""

    record: dict[str, Held]
    blocks: Sequence[Block]


class MongoEmergencies:
    """Implements Emergencies."""

    def __init__(self, client: Client, db: Database) -> None:
        """Take the client, for its transactions, and the database."""
        self._client, self._db = client, db

    async def open(self, person: str, opening: Opening, access: Access) -> tuple[str, Outcome]:
        """Note the right with the person's guard, which later writes read, and give it on all that it opens."""
        number = ObjectId()

        async def work(session: AsyncIOMotorClientSession) -> Outcome:
            guard = await self._guard(person, session)
            scene = await self._scene(person, session)
            outcome = outcome_of(opening, scene.record, scene.blocks, access.at)
            told = {opening.giver, *outcome.opened, *outcome.blocked, *outcome.blocked_units} - {None}
            kept = replace(access, told=sorted(str(one) for one in told))
            note = {
                **reader_documents([opening.right])[0],
                "giver": opening.giver,
                "id": str(number),
                "lifted": [],
            }
            await self._db.persons.update_one(
                {"_id": person}, {"$push": {"emergencies": note}}, session=session
            )
            await self._give(opening, scene, session)
            row = {"_id": number, **access_document(kept)}
            await self._db.access.insert_one(row, session=session)
            event = audit_outbox_document(row, guard, EMERGENCY, kept.told)
            await self._db.records.insert_one(event, session=session)
            return outcome

        return str(number), await self._transacted(work)

    async def lift(self, person: str, number: str, giver: str, access: Access) -> datetime | None:
        """Let the care giver's block yield for this emergency; gives until when, None when nothing is to be lifted."""

        async def work(session: AsyncIOMotorClientSession) -> datetime | None:
            begun = {"_id": person, "emergencies.id": number}
            if await self._db.persons.find_one(begun, {"_id": 1}, session=session) is None:
                return None  # whoever guesses leaves nothing behind
            guard = await self._guard(person, session)
            found = zip(guard.get("emergencies", ()), openings_in(guard), strict=True)
            opening = next((one for note, one in found if note.get("id") == number), None)
            if opening is None or not opening.right.holds_at(access.at):
                return None
            scene = await self._scene(person, session)
            if giver not in outcome_of(opening, scene.record, scene.blocks, access.at).blocked:
                return None
            opening = replace(opening, lifted={**opening.lifted, giver: access.at})
            await self._db.persons.update_one(
                {"_id": person},
                {"$push": {"emergencies.$[one].lifted": {"giver": giver, "from": access.at}}},
                array_filters=[{"one.id": number}],
                session=session,
            )
            await self._give(opening, scene, session)
            await self._db.access.insert_one(access_document(access), session=session)
            return opening.right.end

        return await self._transacted(work)

    async def _transacted(self, work: Callable[[AsyncIOMotorClientSession], Coroutine[Any, Any, T]]) -> T:
        async with await self._client.start_session() as session:
            result: T = await session.with_transaction(work, read_concern=SNAPSHOT, write_concern=DURABLE)
            return result

    async def _guard(self, person: str, session: AsyncIOMotorClientSession) -> dict[str, Any]:
        guard: dict[str, Any] = await self._db.persons.find_one_and_update(
            {"_id": person},
            next_place(None),
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        return guard

    async def _scene(self, person: str, session: AsyncIOMotorClientSession) -> _Scene:
        found = self._db.records.find(
            {"patient": person, "current": True}, HELD, session=session, hint="person"
        )
        record = {one["key"]: held(one) async for one in found}
        about = [key for one in record.values() if one.type == "Consent"
                 for key in references_at(one.resource, "organization")]  # fmt: skip
        rows = self._db.records.find(
            {"key": {"$in": about}, "current": True}, HELD, session=session, hint="current"
        )
        directory = {one["key"]: held(one) async for one in rows}
        shown = {key: one for key, one in record.items() if not is_hidden(one)}
        return _Scene(shown, blocks_in(record, directory))

    async def _give(self, opening: Opening, scene: _Scene, session: AsyncIOMotorClientSession) -> None:
        changes = [
            UpdateOne(
                {"key": key, "current": True},
                {"$set": {"readers": reader_documents(merged([*one.readers, *rights_of(opening, one, scene.blocks)]))}},
                hint="current",
            )
            for key, one in scene.record.items()
        ]  # fmt: skip
        if changes:
            await self._db.records.bulk_write(changes, ordered=False, session=session)
