"""How long all figures of a county take from cold, and after 1,000 new encounters; rows are laid in, not written."""

import resource
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

import anyio
from anyio.lowlevel import checkpoint
from bson.binary import Binary
from rich.console import Console

from services.sip.domain.continuity.listed_unit import Visit
from services.sip.measures.contributions import contribution
from services.sip.measures.definition import definition
from services.sip.measures.exact_figures import exact_figures
from services.sip.measures.holds_until import holds_until
from services.sip.measures.ledger import Books, bring_up_to_date, open_ledger
from services.sip.measures.person_rows import ContactHeld, PersonRows
from services.sip.measures.stored_rows import read_rows, rows_as_json, told_as_json
from services.sip.measures.tally import Tally
from services.sip.measures.who import Who
from services.sip.storage.connection import DURABLE, Client, Database, connect, database, prepare
from services.sip.storage.mongo_measure_rows import MongoMeasureRows
from services.sip.storage.mongo_measure_source import MongoMeasureSource
from tests.mongod import mongod
from tests.sip.measures.county import Contacted, patient_resource, version_of, visit_resource
from tests.sip.measures.county import Person as MadePerson

EACH: Final = 10
BATCH: Final = 2_000
NOW: Final = datetime(2026, 12, 31, 12, tzinfo=UTC)
FOREVER: Final = datetime(9999, 12, 31, tzinfo=UTC)
NEW: Final = 1_000


def bench_measures(contacts: int) -> None:
    """Lay a county with so many contacts of a tenth as many residents, and measure."""
    with mongod() as url:
        anyio.run(_bench, url, contacts // EACH)


async def _bench(url: str, persons: int) -> None:
    console = Console(width=120)
    async with _store(url) as (client, db):
        rows, source = MongoMeasureRows(client, db), MongoMeasureSource(client, db)
        await _lay(db, rows, persons)
        await rows.reached(1, await source.mark())
        stats = await db.command("collStats", "measure_people")
        disk = (stats["storageSize"] + stats["totalIndexSize"]) / 1e6
        console.print(f"{persons:,} residents, {persons * EACH:,} contacts: {disk:,.0f} MB on disk")
        books = Books(source, rows, checkpoint)

        began = time.perf_counter()
        tally = Tally()
        async for several in rows.everybody():
            for _person, raw in several:
                tally.add(contribution(read_rows(raw), NOW))
        exact = exact_figures(tally, 1, NOW, {})
        console.print(
            f"every figure from the rows alone: {_since(began)}, {len(exact['indicators'])} indicators"
        )

        began = time.perf_counter()
        ledger = await open_ledger(books, NOW)
        console.print(f"a process that takes over: {_since(began)}")
        if ledger.tally != tally:
            raise AssertionError("the sums that stand are not those counted anew")

        await _encounters(db, persons)
        began = time.perf_counter()
        await bring_up_to_date(ledger, books, NOW)
        exact_figures(ledger.tally, 2, NOW, {})
        console.print(f"after {NEW:,} new encounters of as many residents: {_since(began)}")
        console.print(f"memory at most: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


def _since(began: float) -> str:
    return f"{time.perf_counter() - began:.1f} s"


@asynccontextmanager
async def _store(url: str) -> AsyncIterator[tuple[Client, Database]]:
    client = connect(url)
    db = database(client, f"bench_{uuid.uuid4().hex[:8]}")
    await prepare(db)
    yield client, db
    client.close()


async def _lay(db: Database, rows: MongoMeasureRows, persons: int) -> None:
    """Lay what a county's records would have been reduced to, as the process does; the records themselves stay away."""
    position = await rows.lead(definition())
    people = db.measure_people.with_options(write_concern=DURABLE)
    batch: list[dict[str, Any]] = []
    for number, made in enumerate(_people(persons)):
        batch.append(
            {
                "_id": f"Patient/p{number:07}",
                "rows": Binary(rows_as_json(made)),
                "told": Binary(told_as_json(contribution(made, NOW))),
                "until": holds_until(made, NOW),
                "term": position.term,
            }
        )
        if len(batch) == BATCH:
            await people.insert_many(batch, ordered=False)
            batch = []
    if batch:
        await people.insert_many(batch, ordered=False)


def _people(count: int) -> Iterator[PersonRows]:
    """Make residents of 15 municipalities, each listed at one of 60 units, with contacts over two years."""
    chance = Random(7)
    ids = [str(uuid.UUID(int=chance.getrandbits(128), version=4)) for _ in range(5_060)]
    units = [f"Organization/{one}" for one in ids[:60]]
    staff = [f"Practitioner/{one}" for one in ids[60:]]
    for number in range(count):
        unit = units[number % 60]
        known = [staff[(number % 60) * 80 + chance.randrange(80)] for _ in range(4)]
        visits = [
            Visit(
                NOW - timedelta(minutes=chance.randrange(60 * 24 * 730)),
                unit,
                chance.choice(known),
                chance.choice(("doctor-visit", "nurse-visit", "home-care-visit")),
            )
            for _ in range(EACH)
        ]
        start = NOW - timedelta(days=chance.randrange(4000))
        who = Who(
            municipality=f"21{number % 15:02}",
            birth=date(1930, 1, 1) + timedelta(days=chance.randrange(34_000)),
            sex=("female", "male")[number % 2],
            interpreter=("needed", "not-needed")[chance.random() < 0.9],
            deprivation=str(1 + number % 5),
        )
        yield PersonRows(who=who, contacts=[ContactHeld("2", unit, start, FOREVER)], visits=visits)


async def _encounters(db: Database, persons: int) -> None:
    """Write new encounters as the record store does, each of another resident."""
    made = []
    for number in range(min(NEW, persons)):
        person = f"p{number * (persons // min(NEW, persons)):07}"
        subject = {"reference": f"Patient/{person}"}
        visit = Contacted(
            NOW - timedelta(days=3), "Organization/x", "PractitionerRole/x", "finished", "doctor-visit"
        )
        encounter = visit_resource(visit, f"new{number}", subject)
        patient = patient_resource(MadePerson(person, "2180"))
        made += [version_of(one, f"Patient/{person}") for one in (patient, encounter)]
    await db.records.insert_many(made)
