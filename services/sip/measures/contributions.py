"""What one person adds to each figure at one moment."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from services.sip.domain.codes import FIXED_CONTACT_KINDS, FIXED_DOCTOR, FIXED_HOME_CARE_CONTACT
from services.sip.domain.continuity.duration import duration_band
from services.sip.domain.moments import SWEDEN
from services.sip.measures.cells import (
    CONTACT_BAND,
    CONTACT_HELD,
    CONTACT_LACKED,
    FOLLOW_UPS_OVERDUE,
    LISTED,
    PLANS,
    Cell,
    Figure,
    Number,
)
from services.sip.measures.contributions_of_plans import of_plans
from services.sip.measures.contributions_of_visits import of_home_care, of_visits
from services.sip.measures.person_rows import HOME_CARE_VISIT, ContactHeld, PersonRows, begun_at
from services.sip.measures.who import Who

PLAN_STATUSES: Final = ("draft", "active", "on-hold", "completed", "revoked")
"""A plan entered in error never was one."""
RUNNING: Final = frozenset({"active", "on-hold"})
HOME_CARE_DAYS: Final = 90
"""Whoever had a home care visit in this time counts as having home care: ours, no definition is agreed."""
NOBODY: Final = Who()

Part = tuple[Figure, tuple[str, ...], Number]
"""A figure, its own labels, and the person's number."""


def contribution(person: PersonRows, now: datetime) -> dict[Cell, Number]:
    """Give the person's number in each cell the person belongs to; plans count also after a death."""
    who = person.who or NOBODY
    place, profile = (who.municipality,), who.profile(now)
    return {
        Cell(figure.name, (*own, *(profile if figure.profiled else ()), *place)): number
        for figure, own, number in _parts(person, now)
    }


def _parts(person: PersonRows, now: datetime) -> Iterator[Part]:
    for status, count in Counter(person.plans.values()).items():
        if status in PLAN_STATUSES:
            yield PLANS, (status,), count
    yield from of_plans(person, now)
    if person.who is None or not person.who.living(now):
        return
    if overdue := _overdue(person, now):
        yield FOLLOW_UPS_OVERDUE, (), overdue
    held = [one for one in person.contacts if one.holds(now)]
    yield from _of_contacts(person, held, now)
    listed_at = next((one.unit for one in held if one.kind == FIXED_DOCTOR.code), None)
    if listed_at is not None:
        yield LISTED, (listed_at,), 1
    yield from of_visits(person.visits, listed_at, now)
    yield from of_home_care(person, now)


def _overdue(person: PersonRows, now: datetime) -> int:
    """Count follow-ups past their day; once the plan has ended, nothing is due any more."""
    return sum(
        one.due <= now and any(person.plans.get(plan) in RUNNING for plan in one.plans)
        for one in person.follow_ups
    )


def _of_contacts(person: PersonRows, held: list[ContactHeld], now: datetime) -> Iterator[Part]:
    """Say of each kind of contact the person could have whether it is held, and since how many years."""
    today = now.astimezone(SWEDEN).date()
    for kind in _kinds_asked_of(person, now):
        of_kind = [one for one in held if one.kind == kind]
        yield CONTACT_HELD if of_kind else CONTACT_LACKED, (kind,), 1
        starts = [start for one in of_kind if (start := begun_at(one)) is not None]
        if starts:
            band = duration_band(min(starts).astimezone(SWEDEN).date(), today)
            if band is not None:
                yield CONTACT_BAND, (kind, band), 1


def _kinds_asked_of(person: PersonRows, now: datetime) -> list[str]:
    """Give the kinds of contact the person could have: a fast omsorgskontakt is for those with home care."""
    since = now - timedelta(days=HOME_CARE_DAYS)
    has_home_care = any(one.kind == HOME_CARE_VISIT and since < one.at <= now for one in person.visits)
    return [one.code for one in FIXED_CONTACT_KINDS if one != FIXED_HOME_CARE_CONTACT or has_home_care]
