"""What a bulk handover needs from outside: its job and its items, as storage keeps them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from services.chassis.principal import Principal


@dataclass(frozen=True, slots=True)
class Move:
    """One contact to be handed over: whose, and to which assignment (PractitionerRole) at which unit (Organization)."""

    contact: str
    person: str
    role: str
    unit: str


@dataclass(frozen=True, slots=True)
class HandoverJob:
    """A handover as it was asked for: by whom, from when, why, and what is noted with each change."""

    id: str
    caller: Principal
    asked_at: datetime
    start: str
    reason: str
    who: str
    told_at: str | None = None
    passed_on: Sequence[str] = ()
    text: str | None = None
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A person who was not moved, and why."""

    contact: str
    person: str
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class HandoverProgress:
    """How far a handover has come."""

    job: HandoverJob
    total: int
    moved: int
    refused: int
    ended_at: datetime | None
    refusals: Sequence[Refusal] = field(default_factory=tuple)


class Handovers(Protocol):
    """The jobs. What was begun by a process that died is taken up by the next."""

    async def begin(self, job: HandoverJob, moves: Sequence[Move]) -> HandoverJob:
        """Store the job with its moves, if it is not there yet; gives the one that is there, which may be another's."""

    async def progress(self, id: str, refusals: int) -> HandoverProgress | None:
        """Tell how far it has come, with so many of the refusals."""

    async def unfinished(self) -> Sequence[HandoverJob]:
        """Give the jobs that have not ended, the oldest first."""

    async def waiting(self, id: str, count: int) -> Sequence[Move]:
        """Give moves that are not done yet."""

    async def note(self, id: str, moved: Sequence[Move], refused: Sequence[Refusal]) -> None:
        """Note what was done; noting twice changes nothing."""

    async def end(self, id: str, at: datetime) -> None:
        """Note that nothing waits any more."""

    async def changed(self, within: float) -> None:
        """Return when a job may have begun, or after that many seconds."""
