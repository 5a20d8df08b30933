"""What computing, publishing and reading business figures needs from the outside, as protocols."""

from collections.abc import AsyncIterator, Mapping, Sequence
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

    def people(self, types: Sequence[str]) -> AsyncIterator[Sequence[PersonBodies]]:
        """Stream everybody with their current resources of these types, some hundreds of people at a time."""


class FiguresSource(Protocol):
    """Where figures are computed from. Each call raises StoreBusy when the store does not answer."""

    def snapshot(self) -> AbstractAsyncContextManager[RecordSnapshot]:
        """Open the store at one moment."""

    async def mark(self) -> Mark:
        """Take a mark; whatever is written after it was taken, `changed_after` will tell."""

    async def changed_after(self, mark: Mark, types: Sequence[str], within: float) -> bool:
        """Wait up to so many seconds for a change to these types after the mark; tell whether one came."""


class FiguresStore(Protocol):
    """Where figures are kept. Each call raises StoreBusy when the store does not answer."""

    async def latest(self, other_than: int = 0) -> KeptFigures | None:
        """Read the newest edition; None where there is none, or only the one already known."""

    async def keep(self, figures: KeptFigures) -> bool:
        """Store the edition if the newest is the one before it; False when another process was first."""

    async def keep_reports(self, reports: Sequence[Resource], at: datetime) -> None:
        """Publish MeasureReports, each over the earlier one with its id."""


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
