"""What a seal on the access log is: exact bytes of each row, a Merkle root over a batch, a chain of roots.

Leaves and nodes are hashed apart (RFC 6962), so that no row can pass for a node. Every number is whole, times are
milliseconds since 1970, names are sorted, and what is null is left out: the same row gives the same bytes for ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import orjson

BOOKKEEPING: Final = frozenset({"unsealed", "seal"})
"""Fields that sealing itself sets and takes away; every other belongs to the row."""
_NOT_TOLD: Final = BOOKKEEPING | {"_id"}
BEGINNING: Final = bytes(32)
"""What the first seal names as the one before it."""
LATE: Final = timedelta(seconds=60)
"""How much later than its time a row may be written: a transaction's longest life, and clocks that differ."""


def canonical(number: str, row: Mapping[str, Any]) -> bytes:
    """Give the exact bytes of a row; `number` is its id."""
    told = {name: value for name, value in row.items() if value is not None and name not in _NOT_TOLD}
    told["id"], told["at"] = number, milliseconds(row["at"])
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)


def milliseconds(at: datetime) -> int:
    """Give whole milliseconds since 1970; a double holds them exactly for 280,000 years."""
    return round(at.timestamp() * 1000)


def leaf(content: bytes) -> bytes:
    """Hash a row's bytes."""
    return sha256(b"\x00" + content).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Give the Merkle root of RFC 6962: each level pairs its neighbours, and who is left over moves up as it is."""
    level = list(leaves)
    if not level:
        return sha256().digest()
    while len(level) > 1:
        paired = [sha256(b"\x01" + a + b).digest() for a, b in zip(level[::2], level[1::2], strict=False)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


@dataclass(frozen=True, slots=True)
class Seal:
    """A seal on a batch of rows, as signed.

    `until` is how far in time the sealer had looked: a row from well before it that is sealed later was slipped in.
    """

    number: int
    at: datetime
    until: datetime
    count: int
    root: bytes
    previous: bytes

    def content(self) -> bytes:
        """Give the bytes that are signed and chained."""
        told = {
            "at": milliseconds(self.at),
            "count": self.count,
            "number": self.number,
            "previous": self.previous.hex(),
            "root": self.root.hex(),
            "until": milliseconds(self.until),
        }
        return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)

    def link(self) -> bytes:
        """Give what the next seal names as the one before it."""
        return sha256(self.content()).digest()


@dataclass(frozen=True, slots=True)
class SignedSeal:
    """A seal with its signature, and the rows it is about: their ids and hashes in the order sealed."""

    seal: Seal
    key: str
    signature: bytes
    ids: Sequence[str]
    leaves: Sequence[bytes]


def next_seal(last: Seal | None, leaves: Sequence[bytes], *, at: datetime, until: datetime) -> Seal:
    """Make the seal that follows the last."""
    number, previous = (last.number + 1, last.link()) if last else (1, BEGINNING)
    return Seal(number, at, until, len(leaves), root_of(leaves), previous)
