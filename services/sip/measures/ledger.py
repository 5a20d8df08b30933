"""The sums as they stand, and how they are brought up to date: only whoever changed, or whose time has come.

What stands is, for each person, the compact rows of the record and what they add to the sums. The process that leads
holds the sums in memory; a person is taken out of them as it was and put in as it is. A round reads every change up to
one moment of the store, and each changed person as of that same moment: so the sums are always those of one moment, and
equal to what counting everybody anew would give.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from services.sip.measures.compute import WATCHED, Heartbeat
from services.sip.measures.contributions import contribution
from services.sip.measures.definition import definition
from services.sip.measures.holds_until import holds_until
from services.sip.measures.person_rows import TYPES, PersonRows, read_person
from services.sip.measures.stored_rows import (
    read_rows,
    read_told,
    rows_as_json,
    told_as_json,
    with_providers,
)
from services.sip.measures.tally import Tally
from services.sip.use_cases.measure_ports import (
    FiguresSource,
    Mark,
    RecordSnapshot,
    RowsStore,
    Standing,
)

AT_ONCE: Final = 500
"""Persons to a transaction."""


class HistoryIsLost(Exception):
    """The store no longer knows every change since the mark: all has to be read anew."""


@dataclass(slots=True)
class Ledger:
    """What the leading process knows; it is thrown away with any failure, and made anew from what stands."""

    term: int
    mark: Mark
    tally: Tally
    roles: Mapping[str, str]
    at: datetime
    """The time that the sums are of."""


@dataclass(frozen=True, slots=True)
class Books:
    """What the ledger is kept from and in; the heartbeat between steps may raise to stop it all."""

    source: FiguresSource
    rows: RowsStore
    beat: Heartbeat


async def open_ledger(books: Books, now: datetime) -> Ledger:
    """Begin to lead: sum up what stands, or read all records anew where nothing does."""
    position = await books.rows.lead(definition())
    if position.mark is None:
        return await read_all(books, position.term, now)
    tally = Tally()
    async for several in books.rows.everything_told():
        for told in several:
            tally.add(read_told(told))
        await books.beat()
    async with books.source.snapshot() as snapshot:
        roles = await snapshot.roles()
    return Ledger(position.term, position.mark, tally, roles, now)


async def read_all(books: Books, term: int, now: datetime) -> Ledger:
    """Read all records anew, from one moment of the store."""
    mark, tally = await books.source.mark(), Tally()
    async with books.source.snapshot() as snapshot:
        roles = await snapshot.roles()
        async for people in snapshot.people(TYPES):
            standing = [_standing(person, _rows_of(bodies), roles, now) for person, bodies in people]
            await books.rows.put(term, standing)
            for one in standing:
                tally.add(read_told(one.told))
            await books.beat()
    await books.rows.sweep(term)
    await books.rows.reached(term, mark)
    return Ledger(term, mark, tally, roles, now)


async def bring_up_to_date(ledger: Ledger, books: Books, now: datetime) -> None:
    """Take in every change up to a moment of the store, and what time alone has brought; raises HistoryIsLost."""
    mark = await books.source.mark()
    async with books.source.snapshot() as snapshot:
        # The snapshot is of a moment between these two marks: what changed before it is met by reading up to the
        # second, and whatever may have changed after it is met again next time, beginning at the first.
        changes = await books.source.changes(ledger.mark, await books.source.mark(), WATCHED)
        if changes is None:
            raise HistoryIsLost
        persons = set(changes.persons)
        if changes.directory:
            ledger.roles = await snapshot.roles()
            persons |= set(await snapshot.met_by(changes.roles))
        await _take_in(ledger, books, snapshot, persons, now)
    await _let_time_pass(ledger, books, now)
    await books.rows.reached(ledger.term, mark)
    ledger.mark, ledger.at = mark, now


async def _take_in(
    ledger: Ledger, books: Books, snapshot: RecordSnapshot, persons: Collection[str], now: datetime
) -> None:
    everybody = sorted(persons)
    for part in (everybody[at : at + AT_ONCE] for at in range(0, len(everybody), AT_ONCE)):
        standing: list[Standing] = []
        async for people in snapshot.people(TYPES, part):
            standing += [_standing(person, _rows_of(bodies), ledger.roles, now) for person, bodies in people]
        gone = set(part) - {one.person for one in standing}
        await _put(ledger, books, standing, gone)


async def _let_time_pass(ledger: Ledger, books: Books, now: datetime) -> None:
    while over := await books.rows.over_by(now, AT_ONCE):
        standing = [_standing(person, read_rows(rows), ledger.roles, now) for person, rows in over.items()]
        await _put(ledger, books, standing)


async def _put(
    ledger: Ledger, books: Books, standing: Sequence[Standing], gone: Collection[str] = ()
) -> None:
    """Put down first, then count: if anything fails in between, the ledger is thrown away."""
    before = await books.rows.told_of([*(one.person for one in standing), *gone])
    await books.rows.put(ledger.term, standing, gone)
    after = {one.person: one.told for one in standing}
    for person in before.keys() | after.keys():
        was, now = before.get(person), after.get(person)
        if was != now:
            if was is not None:
                ledger.tally.remove(read_told(was))
            if now is not None:
                ledger.tally.add(read_told(now))
    await books.beat()


def _rows_of(bodies: Sequence[bytes]) -> PersonRows:
    """Read a person without regard to who is behind which role: that may change without the person's doing."""
    return read_person((orjson.loads(body) for body in bodies), {})


def _standing(person: str, rows: PersonRows, roles: Mapping[str, str], now: datetime) -> Standing:
    resolved = with_providers(rows, roles)
    return Standing(
        person, rows_as_json(rows), told_as_json(contribution(resolved, now)), holds_until(resolved, now)
    )
