"""A history as asked for: which versions, newest first, a page at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

After = tuple[datetime, str, int]
"""Where a page ended: time, key and version of its last entry."""


class Version(Protocol):
    """What paging looks at in a version."""

    @property
    def key(self) -> str:
        """`Type/id`."""

    @property
    def version(self) -> int:
        """Its number."""

    @property
    def at(self) -> datetime:
        """When it was written."""


V = TypeVar("V", bound=Version)


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Versions written at or after `since`; or those that were the newest at some time of the span `at` [lo, hi)."""

    count: int
    since: datetime | None = None
    at: tuple[datetime, datetime] | None = None
    after: After | None = None

    @property
    def narrowed(self) -> bool:
        """Tell whether some versions are left out whatever the page."""
        return self.since is not None or self.at is not None

    def picked(self, versions: Iterable[V]) -> Iterator[V]:
        """Leave out, of versions newest first, those that were replaced before the span, or stand on earlier pages."""
        over: set[str] = set()
        for one in versions:
            if one.key in over:
                continue
            if self.at is not None and one.at <= self.at[0]:
                over.add(one.key)
            if self.after is None or (one.at, one.key, one.version) < self.after:
                yield one
