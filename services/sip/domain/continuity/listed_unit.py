"""The continuity index of PrimärvårdsKvalitet: COC at the unit where the person is listed, from three visits.

Source: primarvardskvalitet.skl.se, indicator area Kontinuitet (2019): listed patients with at least three
visits in the last 18 months, only visits at the listed unit.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Final

from services.sip.domain.continuity.indices import coc

LEAST_VISITS: Final = 3
MONTHS: Final = 18


@dataclass(frozen=True, slots=True)
class Visit:
    """One finished visit: when, at which unit, with whom, and of what kind (None when the source does not say)."""

    at: datetime
    unit: str | None
    provider: str | None
    kind: str | None = None


def listed_unit_coc(visits: Iterable[Visit], unit: str | None, until: datetime) -> Fraction | None:
    """Give one person's index over the 18 months up to a moment; None for whom the measure leaves out.

    A visit without a known provider says nothing about continuity: it is left out, also of the three.
    """
    providers = [one.provider for one in at_listed_unit(visits, unit, until) if one.provider is not None]
    return coc(providers) if len(providers) >= LEAST_VISITS else None


def at_listed_unit(visits: Iterable[Visit], unit: str | None, until: datetime) -> list[Visit]:
    """Give the visits that count, in the order of time; visits of the same moment in that of their providers."""
    if unit is None:
        return []
    since = months_before(until, MONTHS)
    counted = [one for one in visits if one.unit == unit and since < one.at <= until]
    return sorted(counted, key=lambda one: (one.at, one.provider or ""))


def mean_index(indices: Sequence[Fraction | None]) -> Fraction | None:
    """Give the mean over the persons for whom the index is defined; None if there are none."""
    defined = [one for one in indices if one is not None]
    return sum(defined, Fraction(0)) / len(defined) if defined else None


def months_before(moment: datetime, months: int) -> datetime:
    """Go back whole months; a day the month does not have becomes the end of its last.

    So a later moment never leads further back: what has left the time that is looked at does not come into it again.
    """
    year, month = divmod(moment.year * 12 + moment.month - 1 - months, 12)
    last = monthrange(year, month + 1)[1]
    if moment.day <= last:
        return moment.replace(year, month + 1)
    return moment.replace(year, month + 1, last, 23, 59, 59, 999_999)
