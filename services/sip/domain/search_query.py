"""A search as understood: conditions to be met, order, page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TermCondition:
    """Any of these terms is there (or, negated, none is); `prefix` matches beginnings, `inside` anywhere."""

    param: str
    terms: tuple[str, ...]
    negated: bool = False
    match: str = "exact"


@dataclass(frozen=True, slots=True)
class DateCondition:
    """Any of these (prefix, first moment, first moment after) comparisons holds for the parameter's spans."""

    param: str
    comparisons: tuple[tuple[str, datetime, datetime], ...]


@dataclass(frozen=True, slots=True)
class IdCondition:
    """The logical id is one of these."""

    ids: tuple[str, ...]


Condition = TermCondition | DateCondition | IdCondition


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One search on one type, newest change first unless `oldest_first`; it sees nothing written after `until`."""

    type: str
    conditions: Sequence[Condition]
    patient: tuple[str, ...] = ()
    count: int = 50
    oldest_first: bool = False
    until: datetime | None = None
    after: tuple[datetime, str] | None = None
    counted: bool = False
