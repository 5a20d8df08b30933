"""The history of one resource, newest version first, a page at a time."""

from collections.abc import Sequence

from services.sip.use_cases.ports import Asking, Store, Stored
from services.sip.use_cases.read_version import newest_version


async def read_history(
    key: str, before: int | None, count: int, asking: Asking, store: Store
) -> tuple[Sequence[Stored], int]:
    """Give up to `count` versions older than `before`, and how many there are in all."""
    newest = await newest_version(key, asking, store)
    return await store.records.history(key, before, count), newest
