"""Sealing the access log: the oldest unsealed rows get the next seal, chained to the one before and signed."""

from datetime import datetime
from typing import Final

from services.sip.domain.sealed_log import Seal, SignedSeal, canonical, leaf, next_seal
from services.sip.use_cases.seal_ports import SealedLog, SealKey

BATCH: Final = 1000


async def seal_log(log: SealedLog, key: SealKey, now: datetime) -> Seal | None:
    """Seal one batch; None when nothing waits, or when another sealed at the same moment."""
    last = await log.last()
    rows = await log.unsealed(BATCH)
    if not rows:
        return None
    leaves = [leaf(canonical(row.number, row.fields)) for row in rows]
    # A full batch says nothing about rows after its last; one that is not full has seen all there was.
    looked = rows[-1].at if len(rows) == BATCH else now
    until = max(looked, last.until) if last else looked
    seal = next_seal(last, leaves, at=now, until=until)
    signed = SignedSeal(seal, key.name, key.sign(seal.content()), [row.number for row in rows], leaves)
    return seal if await log.seal(signed) else None
