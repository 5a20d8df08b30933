"""What a change tells the world: events of ids only, with the units that may know at the time of the change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.sip.domain.held import Reader


@dataclass(frozen=True, slots=True)
class Change:
    """One event of one version: its type, and the units entitled to know when it happened."""

    type: str
    parties: tuple[str, ...]


def parties_of(readers: Iterable[Reader], now: datetime, acting_unit: str | None) -> tuple[str, ...]:
    """Give the units that may know, without the one that made the change itself."""
    units = {one.unit for one in readers if one.holds_at(now) and "/" not in one.unit}
    return tuple(sorted(units - {acting_unit}))
