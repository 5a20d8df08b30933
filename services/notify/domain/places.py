"""Where a list was left: the time and id of the last entry, written as one word."""

import re
from datetime import UTC, datetime
from typing import Final

from services.notify.domain.errors import ParameterRefused

PLACE: Final = re.compile(r"([0-9]{1,14})-([0-9A-Za-z]{1,64})")


def place(at: datetime, identity: str) -> str:
    """Write a place."""
    return f"{int(at.timestamp() * 1000)}-{identity}"


def read_place(after: str) -> tuple[datetime, str]:
    """Read a place; raises ParameterRefused."""
    read = PLACE.fullmatch(after)
    if read is None:
        raise ParameterRefused("after", "after must be taken from the `next` of an earlier answer.")
    return datetime.fromtimestamp(int(read[1]) / 1000, UTC), read[2]
