"""What sealing and verifying the access log need from the outside."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.sip.domain.sealed_log import Seal, SignedSeal


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row of the access log as it is stored."""

    number: str
    fields: Mapping[str, Any]

    @property
    def at(self) -> datetime:
        """Give the time of the access."""
        at: datetime = self.fields["at"]
        return at


class SealKey(Protocol):
    """Signs seals, and tells true signatures from others."""

    @property
    def name(self) -> str:
        """The key's name, which a seal carries."""

    def sign(self, content: bytes) -> bytes:
        """Give the signature."""

    def holds(self, name: str, content: bytes, signature: bytes) -> bool:
        """Tell whether the named key signed this."""


class SealedLog(Protocol):
    """The access log with its seals."""

    async def last(self) -> Seal | None:
        """Give the newest seal."""

    async def unsealed(self, count: int) -> Sequence[LogRow]:
        """Give the oldest rows without a seal, by time and then id."""

    async def seal(self, signed: SignedSeal) -> bool:
        """Store the seal and mark its rows, both or neither; false when another had sealed meanwhile."""

    def seals(self, after: int = 0) -> AsyncIterator[SignedSeal]:
        """Give the seals in order."""

    async def rows(self, ids: Sequence[str]) -> Mapping[str, LogRow]:
        """Look rows up by id."""

    async def counted(self) -> int:
        """Count the rows that claim to be sealed."""

    def claiming(self) -> AsyncIterator[str]:
        """Give the ids of the rows that claim to be sealed, oldest first."""
