"""What sample checks of the access log need from the outside."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.sip.domain.held import Resource
from services.sip.domain.log_sample import Looked, Rule, Verdict


@dataclass(frozen=True, slots=True)
class Decision:
    """What a privacy officer found, and why; kept with the sample, and never taken back."""

    at: datetime
    by: str
    verdict: Verdict
    note: str


@dataclass(frozen=True, slots=True)
class Sample:
    """A documented check: how it was drawn, out of how many, what it holds, and what was decided about it."""

    id: str
    giver: str
    drawn: datetime
    by: str
    rule: Rule
    start: datetime
    end: datetime
    size: int
    population: int
    found: int
    entries: Sequence[Looked]
    decisions: Sequence[Decision] = ()


class Samples(Protocol):
    """The care giver's own part of the access log, looked at as a whole; and the samples drawn from it."""

    async def at_random(
        self, giver: str, span: tuple[datetime, datetime], size: int
    ) -> tuple[int, list[Looked]]:
        """Count the allowed accesses by staff to somebody's record, and give some of them, each as likely."""

    def looks(self, giver: str, span: tuple[datetime, datetime]) -> AsyncIterator[Sequence[Looked]]:
        """Give who looked at whom, some hundreds at a time."""

    async def people(self, keys: Collection[str]) -> Mapping[str, Resource]:
        """Give Patients by `Patient/id`."""

    async def staff(self, hsa_ids: Collection[str]) -> Mapping[str, Resource]:
        """Give Practitioners by HSA-id."""

    async def staff_of(self, giver: str) -> Sequence[Resource]:
        """Give the Practitioners that the care giver has entered."""

    async def visited(self, looked: Looked, before: datetime, after: datetime) -> bool:
        """Tell whether the unit has met the person between these times."""

    async def keep(self, sample: Sample) -> None:
        """Store a sample."""

    async def sample(self, number: str, giver: str) -> Sample | None:
        """Read one of the care giver's samples."""

    async def samples(self, giver: str, most: int) -> Sequence[Sample]:
        """Read the care giver's newest samples."""

    async def decide(self, number: str, giver: str, decision: Decision) -> bool:
        """Add a decision to a sample; false when there is none."""
