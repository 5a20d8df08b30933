"""What computing, publishing and reading business figures needs from the outside, as protocols."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.sip.domain.continuity.list_simulation import Doctors
from services.sip.domain.held import Resource

Mark = object
"""A moment in the store's own time; only the store looks inside."""

PersonBodies = tuple[str, Sequence[bytes]]
"""`Patient/<id>`, and the JSON of this person's current resources."""


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """One edition: the exact figures, and the states that are published, of the same computation."""

    edition: int
    computed: datetime
    seconds: float
    exact: bytes
    published: bytes


class RecordSnapshot(Protocol):
    """The record store as it was at one moment, however long reading it takes."""

    async def roles(self) -> Mapping[str, str]:
        """Tell which Practitioner each PractitionerRole is of, both as `Type/id`."""

    def people(
        self, types: Sequence[str], only: Collection[str] | None = None
    ) -> AsyncIterator[Sequence[PersonBodies]]:
        """Stream everybody, or these, with their current resources of these types, some hundreds at a time."""

    async def met_by(self, roles: Collection[str]) -> Collection[str]:
        """Give the persons with a contact made by somebody in one of these roles."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Whose record changed; which roles changed that were there before; and whether any role changed or came."""

    persons: Collection[str] = ()
    roles: Collection[str] = ()
    directory: bool = False


class FiguresSource(Protocol):
    """Where figures are computed from. Each call raises StoreBusy when the store does not answer."""

    def snapshot(self) -> AbstractAsyncContextManager[RecordSnapshot]:
        """Open the store at one moment, that of its opening."""

    async def mark(self) -> Mark:
        """Take a mark; whatever is written after it was taken, `changed_after` will tell."""

    async def changed_after(self, mark: Mark, types: Sequence[str], within: float) -> bool:
        """Wait up to so many seconds for a change to these types after the mark; tell whether one came."""

    async def changes(self, after: Mark, until: Mark, types: Sequence[str]) -> Changes | None:
        """Collect every change between two marks; None when the store no longer knows them all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One person as the figures know them: the compact rows, what they add to the sums, and until when that holds."""

    person: str
    rows: bytes
    told: bytes
    until: datetime


@dataclass(frozen=True, slots=True)
class Position:
    """How far what stands reaches: everything up to the mark; None where nothing does yet. `term` is the leader's."""

    term: int
    mark: Mark | None


class AnotherLeads(Exception):
    """Another process has begun to lead: what this one does no longer counts."""


class RowsStore(Protocol):
    """Where the compact rows stand, one document a person. Each call raises StoreBusy."""

    async def lead(self, definition: str) -> Position:
        """Begin a term; from now on no leader before can put anything. Another definition makes all begin anew."""

    def everything_told(self) -> AsyncIterator[Sequence[bytes]]:
        """Stream what everybody adds to the sums."""

    def everybody(self) -> AsyncIterator[Sequence[tuple[str, bytes]]]:
        """Stream everybody's rows, all of one moment."""

    async def told_of(self, persons: Collection[str]) -> Mapping[str, bytes]:
        """Give what these add to the sums, as it stands."""

    async def over_by(self, now: datetime, most: int) -> Mapping[str, bytes]:
        """Give the rows of those whose sums hold no longer, the longest over first."""

    async def put(self, term: int, standing: Sequence[Standing], gone: Collection[str] = ()) -> None:
        """Put all of these in place of what stood, or none; raises AnotherLeads."""

    async def sweep(self, term: int) -> None:
        """Remove what stands of earlier terms: after everybody was read anew, those are no more."""

    async def reached(self, term: int, mark: Mark) -> None:
        """Note that everything up to the mark stands; raises AnotherLeads."""


class FiguresStore(Protocol):
    """Where figures are kept. Each call raises StoreBusy when the store does not answer."""

    async def latest(self, other_than: int = 0) -> KeptFigures | None:
        """Read the newest edition; None where there is none, or only the one already known."""

    async def keep(self, figures: KeptFigures) -> bool:
        """Store the edition if the newest is the one before it; False when another process was first."""

    async def keep_reports(self, reports: Sequence[Resource], at: datetime) -> None:
        """Publish MeasureReports, each over the earlier one with its id."""


class PublishedMonths(Protocol):
    """Where the last publication of each month is kept. Each call raises StoreBusy."""

    async def keep(self, month: str, published: bytes, at: datetime) -> None:
        """Keep the states of a month, as `2026-11`."""

    async def of_year(self, year: int) -> Mapping[str, bytes]:
        """Give the states of each known month of a year, in order of time."""

    async def first(self) -> tuple[str, bytes] | None:
        """Give the earliest month that is known."""


class DoctorsDirectory(Protocol):
    """Who works where, and how much of full time."""

    async def by_unit(self, now: datetime) -> Mapping[str, Doctors]:
        """Give the doctors of each unit, as `Organization/id`. Raises StoreBusy."""


class Lease(Protocol):
    """The right to compute, held by one process at a time; its clock is the database's."""

    async def take(self, holder: str, seconds: float) -> bool:
        """Take or prolong the lease; False while another holds it. Raises StoreBusy."""

    async def give_back(self, holder: str) -> None:
        """End the lease, if it is this holder's, so that another need not wait."""
