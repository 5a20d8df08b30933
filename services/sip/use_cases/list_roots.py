"""The roots of the sealed log: for whoever keeps them elsewhere, so that the log cannot be cut off unseen."""

from collections.abc import Sequence

from services.sip.domain.sealed_log import SignedSeal
from services.sip.use_cases.seal_ports import SealedLog

PAGE = 100


async def list_roots(after: int, log: SealedLog) -> Sequence[SignedSeal]:
    """Give the seals that follow a number, at most a page of them; they tell nothing about anybody."""
    found: list[SignedSeal] = []
    async for signed in log.seals(after):
        found.append(signed)
        if len(found) == PAGE:
            break
    return found
