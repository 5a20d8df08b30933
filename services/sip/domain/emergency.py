"""Nödöppning: what is shut is opened for care that cannot wait, and only for care givers.

PDL 4 kap. 5 §, lag (2022:913) 3 kap. 5 §: danger to life or serious risk to health, and no consent to be had.
The social services have no such way (lag (2022:913) 3 kap. 6 § speaks of care givers alone).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, Literal

from services.sip.domain.access import Decision
from services.sip.domain.blocks import Block, without_blocked
from services.sip.domain.codes import HEALTH_CARE_UNIT_KINDS
from services.sip.domain.held import Held, Reader, Record

Danger = Literal["life", "serious-health-risk"]
LASTS: Final = timedelta(hours=4)
CARE: Final = "Vård och behandling"
"""The assignment's purpose (commissionPurpose) of who takes part in care."""
OPENED: Final = "emergency access"
"""The ground that the access record keeps, by which the log flags it."""
LIFTED: Final = "block lifted in an emergency"
ABOUT_THE_PERSON: Final = frozenset({"Patient", "RelatedPerson"})
"""Who somebody is, and who is near: no block shuts that from who takes part in the care."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One emergency: who reads until when, of which care giver, and which others lifted their blocks for it, when."""

    right: Reader
    giver: str | None = None
    lifted: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whose data an emergency opens, and whose blocks withstand it: care givers, and the units that wrote."""

    opened: frozenset[str]
    blocked: frozenset[str]
    blocked_units: frozenset[str]


def may_open(unit_kinds: Collection[str], purpose: str | None) -> Decision:
    """Judge who asks: health care by an assignment for care; never the social services."""
    if set(HEALTH_CARE_UNIT_KINDS).isdisjoint(unit_kinds):
        return Decision(allowed=False, reason="emergency access is for care givers alone")
    if purpose != CARE:
        return Decision(allowed=False, reason="emergency access takes an assignment for care")
    return Decision(allowed=True, reason=OPENED)


def rights_of(opening: Opening, held: Held, blocks: Sequence[Block]) -> Iterator[Reader]:
    """Give what an emergency opens of one thing.

    Inner blocks of the own care giver yield at once (PDL 4 kap. 5 §). What another care giver has blocked stays shut
    until that care giver lifts the block for this emergency (lag (2022:913) 3 kap. 6 §).
    """
    right, own = opening.right, held.own.giver
    if held.type in ABOUT_THE_PERSON or (own is not None and own == opening.giver):
        yield right
        return
    yield from without_blocked(held, [right], blocks, {right.unit: opening.giver})
    if own is not None and own in opening.lifted:
        yield replace(right, start=max(right.start, opening.lifted[own]))


def outcome_of(opening: Opening, record: Record, blocks: Sequence[Block], now: datetime) -> Outcome:
    """Tell whose data was newly opened, and whose stays blocked."""
    shut = [held for held in record.values() if not _reads(held.readers, opening.right.unit, now)]
    open_now = {
        held.key for held in shut if _reads(rights_of(opening, held, blocks), opening.right.unit, now)
    }
    blocked = [held for held in shut if held.key not in open_now]
    return Outcome(
        frozenset(held.own.giver for held in shut if held.key in open_now and held.own.giver),
        frozenset(held.own.giver for held in blocked if held.own.giver),
        frozenset(held.own.unit for held in blocked if held.own.unit),
    )


def _reads(readers: Iterator[Reader] | Sequence[Reader], unit: str, now: datetime) -> bool:
    return any(one.unit == unit and one.holds_at(now) for one in readers)
