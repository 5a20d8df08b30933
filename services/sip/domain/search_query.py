"""A search as understood: conditions to be met, order, page, and what else to bring along."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TermCondition:
    """Any of these terms is there (or, negated, none is); `match` exact, prefix for beginnings, inside anywhere."""

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
class AmountComparison:
    """One comparison of numbers: what rounds to the number is [low, high), and of what unit, where that matters."""

    prefix: str
    number: float
    low: float
    high: float
    system: str | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class AmountCondition:
    """Any of these comparisons holds for one of the parameter's amounts."""

    param: str
    comparisons: tuple[AmountComparison, ...]


@dataclass(frozen=True, slots=True)
class IdCondition:
    """The logical id is one of these, or none of them."""

    ids: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AnyCondition:
    """One of these holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AllConditions:
    """Every one of these holds."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class LinkCondition:
    """A chain: a reference of the parameter leads to a resource of the type for which the condition holds."""

    param: str
    type: str
    inner: "Condition"


@dataclass(frozen=True, slots=True)
class HasCondition:
    """A reverse chain: a resource of the type, for which the condition holds, refers here by the parameter."""

    type: str
    param: str
    inner: "Condition"


Flat = TermCondition | DateCondition | AmountCondition | IdCondition
Condition = Flat | AnyCondition | AllConditions | LinkCondition | HasCondition


@dataclass(frozen=True, slots=True)
class Sorting:
    """One key to sort by."""

    param: str
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Include:
    """What to bring along: what `param` of `type` leads to, or (reverse) whatever of `type` leads here by it.

    `target` narrows to one type; `iterate` looks at what was brought along as well.
    """

    type: str
    param: str
    target: str | None = None
    reverse: bool = False
    iterate: bool = False


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page ended: keys and id of the last one on it, and when the first page was read."""

    until: datetime
    keys: tuple[str | datetime | None, ...]
    key: str


NEWEST_FIRST = (Sorting("_lastUpdated", descending=True),)


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """One search on one type. `patient` narrows to persons' records, whatever the parameter of that name says."""

    type: str
    conditions: Sequence[Condition] = ()
    patient: tuple[str, ...] = ()
    count: int = 50
    sort: tuple[Sorting, ...] = NEWEST_FIRST
    after: Cursor | None = None
    counted: bool = False
    include: tuple[Include, ...] = ()
