"""The demo's databases: whether the county is in them whole, and emptying them."""

import asyncio
from collections.abc import Callable
from typing import Any, Final, TypeVar

from pymongo import MongoClient
from pymongo.write_concern import WriteConcern

SIP_DATABASE: Final = "samplan_demo_sip"
NOTIFY_DATABASE: Final = "samplan_demo_notify"
MARKER_DATABASE: Final = "samplan_demo"
DATABASES: Final = (SIP_DATABASE, NOTIFY_DATABASE, MARKER_DATABASE)
COUNTY: Final = "county"

Answer = TypeVar("Answer")
Document = dict[str, Any]


async def loaded_county(url: str) -> Document | None:
    """Give the note made when the county had been loaded whole; None when it has not."""
    return await _asked(url, lambda client: client[MARKER_DATABASE].loaded.find_one({"_id": COUNTY}))


async def note_loaded(url: str, facts: Document) -> None:
    """Note that the county is loaded whole, with facts that later starts need."""

    def note(client: MongoClient[Document]) -> None:
        durable = WriteConcern("majority", j=True)
        loaded = client[MARKER_DATABASE].get_collection("loaded", write_concern=durable)
        loaded.replace_one({"_id": COUNTY}, {"_id": COUNTY, **facts}, upsert=True)

    await _asked(url, note)


async def empty(url: str) -> None:
    """Drop the demo's databases, and no other."""

    def drop(client: MongoClient[Document]) -> None:
        for name in DATABASES:
            client.drop_database(name)

    await _asked(url, drop)


async def _asked(url: str, question: Callable[[MongoClient[Document]], Answer]) -> Answer:
    def ask() -> Answer:
        with MongoClient[Document](url, serverSelectionTimeoutMS=5000) as client:
            return question(client)

    return await asyncio.to_thread(ask)
