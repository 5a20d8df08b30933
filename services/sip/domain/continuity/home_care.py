"""Personalkontinuitet: how many different staff a person with home care meets in fourteen days.

As Kolada and KKiK ask: people aged 65 or more with at least two visits a day who were at home all the period;
visits between 07 and 22; alarms, meals delivered and municipal nurses left out. Some municipalities cite the
mean and others the median, so both are given.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from statistics import median
from typing import Final

from services.sip.domain.continuity.listed_unit import Visit
from services.sip.domain.continuity.profile import age_on
from services.sip.domain.moments import SWEDEN

DAYS: Final = 14
LEAST_AGE: Final = 65
LEAST_VISITS_A_DAY: Final = 2
DAY_BEGINS: Final = time(7)
DAY_ENDS: Final = time(22)
"""A visit that begins at this time no longer counts."""
CARE_VISIT: Final = "home-care-visit"


@dataclass(frozen=True, slots=True)
class HomeVisit:
    """One visit: who came, when it began by the clock on the person's wall, and of what kind it was."""

    staff: str
    began: datetime
    kind: str = CARE_VISIT


@dataclass(frozen=True, slots=True)
class HomeCareClient:
    """One person with home care in the period: age, visits a day as granted, nights away, and the visits."""

    age: int
    visits_a_day: Fraction
    away: bool
    visits: Sequence[HomeVisit]


@dataclass(frozen=True, slots=True)
class StaffMet:
    """How many staff the included clients met: None where nobody was included."""

    clients: int
    mean: Fraction | None
    median: Fraction | None


def staff_met(visits: Iterable[HomeVisit]) -> int:
    """Count the different staff of one person's visits that count."""
    return len(
        {one.staff for one in visits if one.kind == CARE_VISIT and DAY_BEGINS <= one.began.time() < DAY_ENDS}
    )


def is_included(client: HomeCareClient) -> bool:
    """Tell whether the definition speaks of this person."""
    return client.age >= LEAST_AGE and client.visits_a_day >= LEAST_VISITS_A_DAY and not client.away


def staff_continuity(clients: Iterable[HomeCareClient]) -> StaffMet:
    """Give number of clients, mean and median over everybody included."""
    return summary([staff_met(client.visits) for client in clients if is_included(client)])


def staff_met_of_late(birth: date | None, visits: Iterable[Visit], now: datetime) -> int | None:
    """Count the staff of one person's last fourteen whole days; None for whom the measure does not speak of.

    The record knows neither what was granted nor who was away. So a person counts who had at least two visits that
    count on each of the days: who had fewer was granted fewer, or was not at home all the period.
    """
    today = now.astimezone(SWEDEN).date()
    if birth is None or age_on(birth, today) < LEAST_AGE:
        return None
    first = today - timedelta(days=DAYS)
    counted = [
        HomeVisit(one.provider, began)
        for one in visits
        if one.kind == CARE_VISIT
        and one.provider
        and first <= (began := one.at.astimezone(SWEDEN)).date() < today
    ]
    a_day = {first + timedelta(days=number): 0 for number in range(DAYS)}
    for one in counted:
        a_day[one.began.date()] += DAY_BEGINS <= one.began.time() < DAY_ENDS
    return staff_met(counted) if min(a_day.values()) >= LEAST_VISITS_A_DAY else None


def summary(met: Sequence[int]) -> StaffMet:
    """Give number, mean and median of counts already made."""
    if not met:
        return StaffMet(0, None, None)
    return StaffMet(len(met), Fraction(sum(met), len(met)), Fraction(median(met)))
