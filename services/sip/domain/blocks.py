"""Blocks and objections: what the person has shut, for whom, from when until when.

An inner block (PDL 4 kap. 4 §) shuts what one unit wrote to every other unit; an outer one (lag (2022:913) 2 kap. 3 §)
shuts what a whole care giver wrote to every other care giver. The block is about the Organization that it names, or
else about the unit that noted it. It goes before any consent; its own unit and the person see all the same.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from services.sip.domain.consent_cover import categories_of, in_force
from services.sip.domain.held import Directory, Held, Reader, Record
from services.sip.domain.moments import Span, span_of_period
from services.sip.domain.resource_types import references_at


@dataclass(frozen=True, slots=True)
class Block:
    """Shuts what a unit (inner) or a care giver (outer) wrote, within a span of time."""

    span: Span
    unit: str | None = None
    giver: str | None = None

    def shuts(self, held: Held, reader: str, giver: str | None) -> bool:
        """Tell whether a unit of this care giver is shut out of what is held."""
        if "/" in reader or reader == held.own.unit:
            return False
        if self.unit is not None:
            return held.own.unit == self.unit
        return held.own.giver == self.giver and giver != self.giver


def blocks_in(record: Record, directory: Directory) -> list[Block]:
    """Give the blocks of a record that were not lifted."""
    return [
        _block(held, directory)
        for held in record.values()
        if held.type == "Consent" and in_force(held.resource) and "block" in categories_of(held.resource)
    ]


def _block(held: Held, directory: Directory) -> Block:
    span = span_of_period(held.resource.get("provision", {}).get("period"))
    named = [directory[key].place for key in references_at(held.resource, "organization") if key in directory]
    for place in named:
        if place.unit is not None and place.unit == place.giver:
            return Block(span, giver=place.giver)
        return Block(span, unit=place.unit)
    return Block(span, unit=held.own.unit)


def without_blocked(
    held: Held, readers: Iterable[Reader], blocks: Sequence[Block], givers: Mapping[str, str | None]
) -> list[Reader]:
    """Give the rights that the blocks leave."""
    left = list(readers)
    for block in blocks:
        left = [
            kept
            for one in left
            for kept in (
                outside(one, block.span) if block.shuts(held, one.unit, givers.get(one.unit)) else (one,)
            )
        ]
    return left


def outside(reader: Reader, span: Span) -> Iterator[Reader]:
    """Give what is left of a right outside a span of time."""
    start, end = span
    if start >= end:
        yield reader
        return
    yield replace(reader, end=min(reader.end, start))
    yield replace(reader, start=max(reader.start, end))
