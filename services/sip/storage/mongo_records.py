"""The record store: one document a version, the newest of each marked current."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeVar

from motor.motor_asyncio import AsyncIOMotorClientSession
from pymongo.errors import ConnectionFailure, OperationFailure, PyMongoError

from services.chassis.outcome import Told
from services.sip.domain.errors import StoreBusy
from services.sip.domain.search_query import SearchQuery
from services.sip.domain.search_terms import identifier_term
from services.sip.domain.sight import MASKING, Sight
from services.sip.storage.connection import DURABLE, SNAPSHOT, Client, Database
from services.sip.storage.documents import BEHIND, NEWEST, OUT, behind, readable, stored, within_scopes
from services.sip.storage.mongo_transaction import MongoWriteTransaction
from services.sip.storage.record_search import RecordSearch
from services.sip.storage.store_answers import answering
from services.sip.use_cases.ports import (
    Asking,
    Behind,
    IdentityTaken,
    Page,
    Searching,
    Stored,
    WriteTransaction,
)

T = TypeVar("T")

LONGEST_PAUSE: Final = 0.1  # seconds between tries of a transaction that met another
COMMIT_SECONDS: Final = 10.0
DUPLICATE: Final = 11000


class MongoRecords:
    """Implements Records."""

    def __init__(self, client: Client, db: Database, *, deadline: float = 3.0) -> None:
        """Take the database and how many seconds a write may take in all."""
        self._client, self._db, self._deadline = client, db, deadline

    async def writing(
        self,
        persons: Sequence[str],
        asking: Asking,
        work: Callable[[WriteTransaction], Awaitable[T]],
        criteria: Sequence[str] = (),
    ) -> T:
        """Run one transaction under a deadline, again when the store asks for it."""

        async def guarded(transaction: MongoWriteTransaction) -> T:
            await transaction.alone_with(criteria, asking.now)
            await transaction.take(persons, asking.caller.unit, asking.now)
            return await work(transaction)

        until = asyncio.get_running_loop().time() + self._deadline
        try:
            return await self._until_done(guarded, until)
        except TimeoutError as late:
            raise _busy("The write took too long and was given up; nothing was changed.") from late
        except ConnectionFailure as lost:
            raise _busy("The database is not reachable at this moment.") from lost

    async def _until_done(self, work: Callable[[MongoWriteTransaction], Awaitable[T]], until: float) -> T:
        pause = 0.002
        while True:
            try:
                return await self._once(work, until)
            except OperationFailure as failed:
                taken = _duplicated(failed)
                if "identities" in taken:
                    raise IdentityTaken from None  # the driver's error quotes the document
                if not taken and not failed.has_error_label("TransientTransactionError"):
                    raise
            async with asyncio.timeout_at(until):
                await asyncio.sleep(random.uniform(0, pause))  # noqa: S311 - jitter, no secret
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _once(self, work: Callable[[MongoWriteTransaction], Awaitable[T]], until: float) -> T:
        session = opened_session(self._client)
        try:
            session.start_transaction(SNAPSHOT, DURABLE)
            try:
                async with asyncio.timeout_at(until):
                    result = await work(MongoWriteTransaction(self._db, session))
            except BaseException:
                await session.abort_transaction()
                raise
            await _commit(session)
            return result
        finally:
            session.delegate.end_session()  # nothing is under way any more: it asks the database for nothing

    @answering
    async def current(self, key: str, sight: Sight, now: datetime) -> Stored | None:
        """Read the newest version if the caller may see it."""
        found = await self._db.records.find_one(
            {"key": key, "current": True, **readable(sight, now)}, OUT, hint="current"
        )
        return stored(found, sight) if found else None

    @answering
    async def anyone(self, key: str) -> Behind | None:
        """Look the newest version up whoever may read it, deleted or not."""
        found = self._db.records.find({"key": key}, BEHIND, hint="versions").sort("version", -1).limit(1)
        return next((behind(document) for document in await found.to_list(1)), None)

    @answering
    async def version(self, key: str, version: int, sight: Sight = MASKING) -> Stored | None:
        """Read one version."""
        found = await self._db.records.find_one({"_id": f"{key}/{version}"}, OUT)
        return stored(found, sight) if found else None

    @answering
    async def patients_of(self, keys: Collection[str]) -> dict[str, str | None]:
        """Tell which person each existing resource belongs to."""
        found = self._db.records.find(
            {"key": {"$in": list(keys)}, "current": True}, {"_id": 0, "key": 1, "patient": 1}, hint="current"
        )
        return {document["key"]: document.get("patient") async for document in found}

    @answering
    async def visible(
        self, person: str, types: Collection[str], sight: Sight, now: datetime
    ) -> Sequence[Stored]:
        """Read what the reader may see in one person's record, newest change first."""
        wanted = {
            "patient": person,
            "current": True,
            "type": {"$in": list(types)},
            **readable(sight, now),
        }
        found = self._db.records.find(wanted, OUT, hint="person").sort([("at", -1), ("key", -1)])
        return [stored(document, sight) async for document in found]

    @answering
    async def directory(self, keys: Collection[str], within: Sight = MASKING) -> dict[str, Stored]:
        """Read directory rows, of those that the scopes' queries find."""
        wanted = {"key": {"$in": list(keys)}, "current": True, **within_scopes(within)}
        found = self._db.records.find(wanted, OUT, hint="current")
        return {document["key"]: stored(document) async for document in found}

    @answering
    async def identified(self, identities: Collection[str], sight: Sight) -> dict[str, Stored]:
        """Find Patients by personal number."""
        wanted = set(identities)
        found = self._db.records.find(
            {"identities": {"$in": list(wanted)}, "current": True},
            {**OUT, "identities": 1},
            hint="identities",
        )
        return {
            one: stored(document, sight)
            async for document in found
            for one in wanted & set(document["identities"])
        }

    @answering
    async def bearing(
        self, kind: str, identifiers: Collection[tuple[str, str]], sight: Sight, now: datetime
    ) -> Mapping[tuple[str, str], Sequence[Stored]]:
        """Find by the search terms of identifiers, all in one query."""
        terms = {identifier_term(system, value): (system, value) for system, value in identifiers}
        found = self._db.records.find(
            {"type": kind, "terms": {"$in": list(terms)}, "current": True, **readable(sight, now)},
            {**OUT, "terms": 1},
            hint="terms",
        )
        borne: dict[tuple[str, str], list[Stored]] = {}
        async for document in found:
            for term in terms.keys() & set(document["terms"]):
                borne.setdefault(terms[term], []).append(stored(document, sight))
        return borne

    @answering
    async def deleted_among(self, keys: Collection[str]) -> frozenset[str]:
        """Look at the newest version of each that has none that is current."""
        gone = {"key": {"$in": list(keys)}, "deleted": True, **NEWEST}
        return frozenset(
            [one["key"] async for one in self._db.records.find(gone, {"key": 1}, hint="versions")]
        )

    @answering
    async def search(self, query: SearchQuery, sight: Sight, now: datetime) -> Page:
        """Find current versions that the reader may see, one page of them in key order."""
        return await self.searching(sight, now).page(query)

    def searching(self, sight: Sight, now: datetime) -> Searching:
        """Search what a caller may see."""
        return RecordSearch(self._db, sight, now)


def _duplicated(failed: OperationFailure) -> set[str]:
    """Give the fields of the unique index that refused, none when it was something else."""
    details = failed.details or {}
    errors = details.get("writeErrors") or [details]
    return {
        name for one in errors if one.get("code") == DUPLICATE for name in one.get("keyPattern", {"_id": 1})
    }


async def _commit(session: AsyncIOMotorClientSession) -> None:
    """Commit, and ask again when the answer was lost: a commit may be repeated, a transaction may not.

    Outside the deadline, since what has begun to commit cannot be said not to have happened.
    """
    until = asyncio.get_running_loop().time() + COMMIT_SECONDS
    while True:
        try:
            await session.commit_transaction()
        except PyMongoError as failed:
            if not failed.has_error_label("UnknownTransactionCommitResult"):
                raise
            if asyncio.get_running_loop().time() > until:
                text = "The database went away while storing: read what is there before you send it again."
                raise StoreBusy(Told("transient", text)) from failed
        else:
            return


def opened_session(client: Client) -> AsyncIOMotorClientSession:
    """Open a session here and now: it asks the database for nothing, so no thread need be waited for."""
    return AsyncIOMotorClientSession(client.delegate.start_session(), client)


def _busy(text: str) -> StoreBusy:
    return StoreBusy(Told("transient", f"{text} Try again."))
