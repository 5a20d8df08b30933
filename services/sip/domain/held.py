"""A resource as it is held: its content, who wrote it first, and who may read it when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

Resource = dict[str, Any]

ALWAYS: Final = datetime(1900, 1, 1, tzinfo=UTC)
FOREVER: Final = datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Reader:
    """One who may read: a unit's HSA-id, or `Patient/<id>`, from (inclusive) until (exclusive)."""

    unit: str
    start: datetime = ALWAYS
    end: datetime = FOREVER

    def holds_at(self, now: datetime) -> bool:
        """Tell whether the right holds at this time."""
        return self.start <= now < self.end


@dataclass(frozen=True, slots=True)
class Place:
    """Where something belongs: the unit's HSA-id and that of its care giver (region, municipality, company)."""

    unit: str | None = None
    giver: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """The current version of a resource. `own` is who wrote it first; for a directory row, what it stands for."""

    key: str
    version: int
    resource: Resource
    patient: str | None = None
    own: Place = field(default_factory=Place)
    place: Place = field(default_factory=Place)
    readers: tuple[Reader, ...] = ()
    deleted: bool = False

    @property
    def type(self) -> str:
        """Give the resource type."""
        return self.key.split("/", 1)[0]


Directory = Mapping[str, Held]
Record = Mapping[str, Held]


def merged(readers: Sequence[Reader]) -> tuple[Reader, ...]:
    """Join overlapping and touching rights of the same reader, in a fixed order."""
    joined: list[Reader] = []
    for one in sorted(readers):
        if one.start >= one.end:
            continue
        last = joined[-1] if joined else None
        if last and last.unit == one.unit and one.start <= last.end:
            joined[-1] = Reader(one.unit, last.start, max(last.end, one.end))
        else:
            joined.append(one)
    return tuple(joined)
