"""What a bulk import keeps besides what it loads: how far it came, and what was refused."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.chassis.outcome import Told


@dataclass(frozen=True, slots=True)
class Refused:
    """One line that was not loaded, and why."""

    line: int
    told: Sequence[Told]


@dataclass(frozen=True, slots=True)
class Counts:
    """What came of some lines."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class ImportProgress:
    """How far an import came: the first `lines` lines are dealt with; `ended` once the last of them was the last."""

    id: str
    begun: datetime
    lines: int
    counts: Counts
    ended: bool


class Imports(Protocol):
    """Where imports are kept, each under an id that is its unit's own. Each call raises StoreBusy."""

    async def begin(self, unit: str, id: str, now: datetime) -> ImportProgress:
        """Give the import of this id, begun now where there is none."""

    async def progress(self, unit: str, id: str) -> ImportProgress | None:
        """Tell how far it came; None where there is none."""

    async def advance(
        self, unit: str, id: str, lines: tuple[int, int], counts: Counts, refused: Sequence[Refused]
    ) -> None:
        """Note what came of the lines from the first to the last, in place of what was noted of them before.

        Counts are taken over for lines beyond what was dealt with before.
        """

    async def end(self, unit: str, id: str) -> ImportProgress:
        """Note that there are no further lines, and tell how far it came."""

    def refusals(self, unit: str, id: str, after: int) -> AsyncIterator[Refused]:
        """Stream what was refused, in the order of the lines, beginning after a line."""
