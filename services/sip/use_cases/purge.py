"""Purging what retention has run out for, and destroying what an authority orders: on record, leaving hashes."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from services.chassis.principal import Principal
from services.sip.domain.minors import Ages
from services.sip.domain.retention import BASIS, LOG_BASIS, ORDERED, Kept, Over, Retention, what_is_over
from services.sip.use_cases.ports import Access

BATCH: Final = 1000
PURGER: Final = Principal("samplan-purge", "samplan-purge")

Choose = Callable[[Mapping[str, Kept]], Sequence[Over]]
"""Chooses, inside the transaction, what of the person's whole record goes."""
Tell = Callable[[Over, Sequence[str]], Access]
"""Words the access record of some keys that go."""


@dataclass(slots=True)
class Purged:
    """How much went: entries of the log, resources of persons; and how many parts wait, being referred to."""

    entries: int = 0
    resources: int = 0
    persons: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """An authority's order (PDL 8 kap. 4 §): one care giver's record about a person is destroyed."""

    number: str
    person: str
    giver: str


class Purging(Protocol):
    """What can be taken away for good."""

    async def log_entries(
        self,
        givers: Sequence[str],
        *,
        others: bool,
        before: datetime,
        tell: Callable[[Sequence[str]], Access],
    ) -> int:
        """Delete a batch of sealed entries of these givers (or of all but these), and log that; gives how many."""

    def persons_left_alone_since(self, before: datetime) -> AsyncIterator[str]:
        """Give persons of whose record some part was last changed before."""

    async def part_of_record(self, person: str, choose: Choose, tell: Tell, ages: Ages) -> int:
        """Delete what is chosen of one person's record, leave its hashes, log it, and judge the rest anew."""


async def purge(retention: Retention, ages: Ages, now: datetime, purging: Purging) -> Purged:
    """Purge all that is over."""
    done = Purged()
    own = sorted(retention.own)
    spans = [((giver,), False, retention.own[giver]) for giver in own] + [
        (tuple(own), True, retention.others)
    ]
    for givers, others, terms in spans:
        before = terms.log_cutoff(now)
        while count := await purging.log_entries(givers, others=others, before=before, tell=_log_row(now)):
            done.entries += count

    def choose(record: Mapping[str, Kept]) -> Sequence[Over]:
        going, waiting = what_is_over(record, now, retention)
        done.waiting += len(waiting)
        return going

    async for person in purging.persons_left_alone_since(retention.earliest(now)):
        count = await purging.part_of_record(person, choose, _row(person, now, ""), ages)
        done.resources += count
        done.persons += bool(count)
    return done


async def destroy(order: Order, ages: Ages, now: datetime, purging: Purging) -> int:
    """Destroy what is ordered; gives how many resources went."""
    giver = order.giver

    def choose(record: Mapping[str, Kept]) -> Sequence[Over]:
        own = [
            key for key, one in record.items() if one.held.own.giver == giver and one.held.type != "Patient"
        ]
        return [Over(giver, "health", frozenset(own))] if own else []

    return await purging.part_of_record(order.person, choose, _row(order.person, now, order.number), ages)


def _log_row(now: datetime) -> Callable[[Sequence[str]], Access]:
    return lambda keys: Access(now, PURGER, "D", "AuditEvent", None, keys, allowed=True, reason=LOG_BASIS)


def _row(person: str, now: datetime, order: str) -> Tell:
    def tell(over: Over, keys: Sequence[str]) -> Access:
        caller = replace(PURGER, giver=over.giver)
        reason = ORDERED if order else BASIS[over.ground]
        return Access(now, caller, "D", "Patient", person, keys, allowed=True, reason=reason, query=order)

    return tell
