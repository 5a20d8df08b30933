"""Contacts made, in bulk: as many as one likes, by the one way in, each accepted or refused by itself.

Sent again, the same content is nothing and other content a new version: whoever lost the connection goes on from the
line that is named, or simply sends everything again.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, ShapeBroken, StoreBusy
from services.sip.domain.references import make_local
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.import_ports import Counts, ImportProgress, Refused
from services.sip.use_cases.record_refusal import record_refusal
from services.sip.use_cases.sent_before import Identifier, content_of, identifier_of
from services.sip.use_cases.store_part import Importing, PartStored, store_part, within
from services.sip.use_cases.write_resources import admit

MOST_LINES: Final = 500
MOST_BYTES: Final = 2 << 20
"""So much of a body goes into one transaction; more of it is never held."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One line of the body: the draft that it holds, or what keeps it from being one; and how long it was."""

    line: int
    draft: Draft | None
    told: Sequence[Told] = ()
    bytes: int = 0


@dataclass
class Part:
    """The lines that go into one transaction: of each identifier one, so that corrections keep their order."""

    lines: list[int] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    drafts: dict[Identifier, Draft] = field(default_factory=dict)
    line_of: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    repeated: int = 0

    def has_room_for(self, sent: Sent) -> bool:
        """Say whether another line goes in; the same content again needs no room."""
        if not self.lines:
            return True
        if len(self.lines) >= MOST_LINES or self.bytes + sent.bytes > MOST_BYTES:
            return False
        known = self._known(sent)
        return (
            known is None
            or sent.draft is None
            or content_of(known.resource) == content_of(sent.draft.resource)
        )

    def take(self, sent: Sent) -> None:
        """Take a line in, or note why it is refused."""
        self.lines.append(sent.line)
        self.bytes += sent.bytes
        if sent.draft is None:
            self.refused.append(Refused(sent.line, sent.told))
        elif self._known(sent) is not None:
            self.repeated += 1
        else:
            self.drafts[identifier_of(sent.draft.resource)] = sent.draft
            self.line_of[sent.draft.where] = sent.line

    def _known(self, sent: Sent) -> Draft | None:
        return self.drafts.get(identifier_of(sent.draft.resource)) if sent.draft else None


async def import_encounters(lines: AsyncIterator[Sent], importing: Importing) -> ImportProgress:
    """Load all lines and tell how far it came; raises StoreBusy: what came before is loaded and noted."""
    unit, id = importing.unit, importing.id
    await importing.imports.begin(unit, id, importing.asking.now)
    part = Part()
    async for sent in lines:
        admitted = await _admitted(sent, importing)
        if not part.has_room_for(admitted):
            await _load(part, importing.at_this_time())
            part = Part()
        part.take(admitted)
    if part.lines:
        await _load(part, importing.at_this_time())
    return await importing.imports.end(unit, id)


async def _admitted(sent: Sent, importing: Importing) -> Sent:
    """Let a line through the gate of those that come alone: scope, shape, and an identifier to know it by."""
    draft = sent.draft
    if draft is None:
        return sent
    try:
        admit([draft], importing.asking)
        identifier_of(draft.resource)
    except (BadRequest, ShapeBroken) as refused:
        await record_refusal([draft], refused, importing.asking, importing.store)
        return Sent(sent.line, None, within(refused.told, draft.where), sent.bytes)
    make_local(draft.resource, {}, importing.policy.base)
    return sent


async def _load(part: Part, importing: Importing) -> None:
    stored = await _patiently(part, importing)
    refused = part.refused + [Refused(part.line_of[one.where], told) for one, told in stored.refused]
    counts = Counts(stored.created, stored.changed, stored.unchanged + part.repeated, len(refused))
    span = part.lines[0], part.lines[-1]
    await importing.imports.advance(importing.unit, importing.id, span, counts, refused)


async def _patiently(part: Part, importing: Importing) -> PartStored:
    """Wait for a store that does not answer, and ask it for half as much; what it took before is found to be there."""
    done, waiting = PartStored(), [part.drafts]
    pauses = iter(importing.patience)
    while waiting:
        try:
            done.add(await store_part(waiting[0], importing))
        except StoreBusy:
            pause = next(pauses, None)
            if pause is None:
                raise
            await asyncio.sleep(pause)
            waiting[:1] = _halves(waiting[0])
        else:
            del waiting[0]
            pauses = iter(importing.patience)
    return done


def _halves(drafts: dict[Identifier, Draft]) -> list[dict[Identifier, Draft]]:
    every, middle = list(drafts.items()), (len(drafts) + 1) // 2
    return [dict(half) for half in (every[:middle], every[middle:]) if half]
