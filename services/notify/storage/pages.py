"""Where a page begins: after the time and id at which the last one ended, latest first."""

from typing import Any

from services.notify.domain.places import read_place


def after_place(after: str | None, field: str) -> dict[str, Any]:
    """Give the filter for what comes after a place in a list sorted by this field and id, both descending."""
    if after is None:
        return {}
    at, identity = read_place(after)
    return {"$or": [{field: {"$lt": at}}, {field: at, "_id": {"$lt": identity}}]}
