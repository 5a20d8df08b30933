"""How long what is kept: by responsible party and by the law that its unit writes under.

A health record is kept at least ten years after its last note (PDL 3 kap. 17 §); a social-service record is purged five
years after its last note (SoL); the access log is kept at least five years (HSLF-FS 2016:40 4 kap. 9 §).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal

from services.sip.domain.codes import HEALTH_CARE_UNIT_KINDS, SOCIAL_SERVICE_UNIT_KINDS
from services.sip.domain.held import Held
from services.sip.domain.references import keys_referred_to

Ground = Literal["health", "social"]
YEAR: Final = timedelta(days=365, hours=6)
LOG_AT_LEAST: Final = 5
BASIS: Final[Mapping[Ground, str]] = {
    "health": "purged: PDL 3 kap. 17 §",
    "social": "purged: SoL, five years after the last note",
}
LOG_BASIS: Final = "purged: HSLF-FS 2016:40 4 kap. 9 §"
ORDERED: Final = "destroyed by order: PDL 8 kap. 4 §"


@dataclass(frozen=True, slots=True)
class Terms:
    """One responsible party's terms, in years."""

    log: int = 10
    health: int = 10
    social: int = 5

    def cutoff(self, ground: Ground, now: datetime) -> datetime:
        """Give since when something must have been left alone to be over."""
        return now - (self.health if ground == "health" else self.social) * YEAR

    def log_cutoff(self, now: datetime) -> datetime:
        """Give before when entries of the access log are over."""
        return now - max(self.log, LOG_AT_LEAST) * YEAR


@dataclass(frozen=True, slots=True)
class Retention:
    """The terms of each care giver that has its own, and of all others."""

    others: Terms = field(default_factory=Terms)
    own: Mapping[str, Terms] = field(default_factory=dict)

    def of(self, giver: str | None) -> Terms:
        """Give a care giver's terms."""
        return self.own.get(giver or "", self.others)

    def earliest(self, now: datetime) -> datetime:
        """Give the time before which something may be over under anybody's terms."""
        every = [self.others, *self.own.values()]
        return max(one.cutoff(ground, now) for one in every for ground in ("health", "social"))


@dataclass(frozen=True, slots=True)
class Kept:
    """One resource with the time of its last change and the law its unit writes under."""

    held: Held
    at: datetime
    ground: Ground


@dataclass(frozen=True, slots=True)
class Over:
    """What one party's retention has run out for, together: its whole part of a person's record under one law."""

    giver: str | None
    ground: Ground
    keys: frozenset[str]


def ground_of(kinds: Collection[str]) -> Ground:
    """Give the law a unit writes under; in doubt the one that keeps longer."""
    social = not set(SOCIAL_SERVICE_UNIT_KINDS).isdisjoint(kinds)
    return "social" if social and set(HEALTH_CARE_UNIT_KINDS).isdisjoint(kinds) else "health"


def what_is_over(
    record: Mapping[str, Kept], now: datetime, retention: Retention
) -> tuple[list[Over], list[Over]]:
    """Give what may go of one person's record, and what waits because something that stays refers to it."""
    parts: dict[tuple[str | None, Ground], list[Kept]] = {}
    for one in record.values():
        if one.held.type != "Patient":
            parts.setdefault((one.held.own.giver, one.ground), []).append(one)
    going, waiting = [], list[Over]()
    for (giver, ground), some in parts.items():
        if max(one.at for one in some) < retention.of(giver).cutoff(ground, now):
            going.append(Over(giver, ground, frozenset(one.held.key for one in some)))
    while held_back := [one for one in going if _referred_to(one, going, record.values())]:
        waiting += held_back
        going = [one for one in going if one not in held_back]
    return going + _persons(record, going, now, retention), waiting


def _referred_to(part: Over, going: Iterable[Over], record: Iterable[Kept]) -> bool:
    gone = {key for one in going for key in one.keys}
    staying = (one.held for one in record if one.held.key not in gone and not one.held.deleted)
    return any(not part.keys.isdisjoint(keys_referred_to(one.resource)) for one in staying)


def _persons(
    record: Mapping[str, Kept], going: Iterable[Over], now: datetime, retention: Retention
) -> list[Over]:
    """Who the person is goes last of all, with everything else, and by the longer term."""
    gone = {key for one in going for key in one.keys}
    left = [one for key, one in record.items() if key not in gone]
    if not left or any(one.held.type != "Patient" for one in left):
        return []
    over = [one for one in left if one.at < retention.of(one.held.own.giver).cutoff("health", now)]
    return [Over(one.held.own.giver, "health", frozenset({one.held.key})) for one in over]
