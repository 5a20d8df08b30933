"""Where a page begins: after the time and id at which the last one ended, latest first."""

import re
from datetime import UTC, datetime
from typing import Any, Final

from services.notify.domain.errors import ParameterRefused

PLACE: Final = re.compile(r"([0-9]{1,14})-([0-9A-Za-z]{1,64})")


def after_place(after: str | None, field: str) -> dict[str, Any]:
    """Give the filter for what comes after a place in a list sorted by this field and id, both descending."""
    if after is None:
        return {}
    read = PLACE.fullmatch(after)
    if read is None:
        raise ParameterRefused("after", "after must be taken from the `next` of an earlier answer.")
    at = datetime.fromtimestamp(int(read[1]) / 1000, UTC)
    return {"$or": [{field: {"$lt": at}}, {field: at, "_id": {"$lt": read[2]}}]}
