"""One round of measuring: compute under the lease, publish by the rule, keep; and when it is due again."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import anyio
import orjson
from anyio.lowlevel import checkpoint

from services.sip.domain.moments import SWEDEN
from services.sip.measures.compute import WATCHED, Heartbeat
from services.sip.measures.exact_figures import exact_figures
from services.sip.measures.ledger import (
    Books,
    HistoryIsLost,
    Ledger,
    bring_up_to_date,
    open_ledger,
    read_all,
)
from services.sip.measures.publication import PublicationRule, republished, state_of
from services.sip.measures.published import states_as_json, states_from_json
from services.sip.measures.reports import measure_reports
from services.sip.measures.rollup import told_cells
from services.sip.use_cases.measure_ports import (
    AnotherLeads,
    DoctorsDirectory,
    FiguresSource,
    FiguresStore,
    KeptFigures,
    Lease,
    Mark,
    PublishedMonths,
    RowsStore,
)

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Another process has taken over while this one computed."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often, in seconds: a change waits for `rest`, or for four times what the last computation took."""

    tick: float = 3.0
    rest: float = 1.0
    rest_at_most: float = 60.0
    anyway: float = 240.0
    """Days pass and periods end though nobody writes."""
    lease: float = 15.0


@dataclass(frozen=True, slots=True)
class Measuring:
    """What the process works with; `holder` names it in the lease, `clock` gives the time, aware."""

    source: FiguresSource
    rows: RowsStore
    store: FiguresStore
    lease: Lease
    clock: Callable[[], datetime]
    holder: str
    doctors: DoctorsDirectory | None = None
    months: PublishedMonths | None = None
    rule: PublicationRule = field(default_factory=PublicationRule)
    pace: Pace = field(default_factory=Pace)


class Due:
    """Knows when the next computation is due; its clock is the machine's own, which nobody sets."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._mark: Mark | None = None
        self._ended = self._rest = 0.0

    def done(self, mark: Mark, seconds: float) -> None:
        """Note a computation that holds everything up to the mark."""
        self._mark, self._ended = mark, time.monotonic()
        self._rest = max(self._pace.rest, min(4 * seconds, self._pace.rest_at_most))

    async def is_now(self, source: FiguresSource) -> bool:
        """Tell whether to compute; waits up to a tick for a change that asks for it."""
        since = time.monotonic() - self._ended
        if self._mark is None or since >= self._pace.anyway:
            return True
        if since < self._rest:
            await anyio.sleep(min(self._pace.tick, self._rest - since))
            return False
        return await source.changed_after(self._mark, WATCHED, self._pace.tick)


class Leading:
    """What the process that leads holds between its rounds: the ledger, thrown away with whatever goes wrong."""

    def __init__(self, measuring: Measuring) -> None:
        """Take what the process works with."""
        self._measuring = measuring
        self._ledger: Ledger | None = None
        self._due = Due(measuring.pace)

    def ends(self) -> None:
        """Forget everything: what another has counted meanwhile is not in it."""
        self._ledger, self._due = None, Due(self._measuring.pace)

    async def round(self) -> bool | None:
        """Compute and keep one edition if it is time; None when it is not, False when another has taken over."""
        if not await self._due.is_now(self._measuring.source):
            return None
        before, ledger = time.monotonic(), self._ledger
        self._ledger = None
        try:
            ledger = await _up_to_date(self._measuring, ledger)
            kept = await _keep_edition(self._measuring, ledger, before)
        except (LeaseLost, AnotherLeads):
            self.ends()
            return False
        if kept:
            self._ledger = ledger
            self._due.done(ledger.mark, time.monotonic() - before)
        return kept


async def _up_to_date(measuring: Measuring, ledger: Ledger | None) -> Ledger:
    """Give the sums of this moment; where the store has forgotten what changed, all is read anew."""
    books = Books(measuring.source, measuring.rows, _heartbeat(measuring))
    if ledger is None:
        ledger = await open_ledger(books, measuring.clock())
    try:
        await bring_up_to_date(ledger, books, measuring.clock())
    except HistoryIsLost:
        ledger = await read_all(books, ledger.term, measuring.clock())
        await bring_up_to_date(ledger, books, measuring.clock())
    return ledger


async def _keep_edition(measuring: Measuring, ledger: Ledger, started: float) -> bool:
    """Publish by the rule and keep; False when another process was first."""
    now, tally = ledger.at, ledger.tally
    before = await measuring.store.latest()
    edition = before.edition + 1 if before else 1
    states = republished(
        measuring.rule,
        states_from_json(before.published) if before else {},
        {cell: state_of(cell, spread) for cell, spread in told_cells(tally)},
    )
    doctors = await measuring.doctors.by_unit(now) if measuring.doctors else {}
    exact = exact_figures(tally, edition, now, doctors)
    seconds = time.monotonic() - started
    kept = KeptFigures(edition, now, seconds, orjson.dumps(exact), states_as_json(states))
    if not await measuring.lease.take(measuring.holder, measuring.pace.lease):
        raise LeaseLost
    if not await measuring.store.keep(kept):
        return False
    await measuring.store.keep_reports(measure_reports(exact, now), now)
    if measuring.months:
        await measuring.months.keep(f"{now.astimezone(SWEDEN):%Y-%m}", kept.published, now)
    log.info("figures computed", extra={"seconds": round(seconds, 3)})
    return True


def _heartbeat(measuring: Measuring) -> Heartbeat:
    """Give what a long computation calls as it goes: it prolongs the lease in time, or stops with LeaseLost."""
    prolonged = time.monotonic()

    async def beat() -> None:
        nonlocal prolonged
        await checkpoint()
        if time.monotonic() - prolonged < measuring.pace.lease / 3:
            return
        prolonged = time.monotonic()
        if not await measuring.lease.take(measuring.holder, measuring.pace.lease):
            raise LeaseLost

    return beat
