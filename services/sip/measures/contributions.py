"""What one person adds to each figure."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from services.sip.domain.codes import FIXED_CONTACT_KINDS, FIXED_HOME_CARE_CONTACT
from services.sip.domain.continuity.listed_unit import listed_unit_coc
from services.sip.measures.cells import (
    COC_INDEX,
    CONTACT_HELD,
    CONTACT_LACKED,
    FOLLOW_UPS_OVERDUE,
    PLANS,
    Cell,
    Number,
)
from services.sip.measures.person_rows import PersonRows

PLAN_STATUSES: Final = ("draft", "active", "on-hold", "completed", "revoked")
"""A plan entered in error never was one."""
RUNNING: Final = frozenset({"active", "on-hold"})
HOME_CARE_DAYS: Final = 90
"""Whoever had a home care visit in this time counts as having home care: ours, no definition is agreed."""


def contribution(person: PersonRows, now: datetime) -> dict[Cell, Number]:
    """Give the person's number in each cell the person belongs to; plans count also after a death."""
    place = person.municipality
    numbers: dict[Cell, Number] = {}
    for status, count in Counter(person.plans.values()).items():
        if status in PLAN_STATUSES:
            numbers[Cell(PLANS.name, (status, place))] = count
    if not person.living:
        return numbers
    if overdue := _overdue(person, now):
        numbers[Cell(FOLLOW_UPS_OVERDUE.name, (place,))] = overdue
    for kind in _kinds_asked_of(person, now):
        figure = CONTACT_HELD if kind in person.fixed else CONTACT_LACKED
        numbers[Cell(figure.name, (kind, place))] = 1
    index = listed_unit_coc(person.visits, person.listed_at, now)
    if index is not None:
        numbers[Cell(COC_INDEX.name, (place,))] = index
    return numbers


def _overdue(person: PersonRows, now: datetime) -> int:
    """Count follow-ups past their day; once the plan has ended, nothing is due any more."""
    return sum(
        one.due <= now and any(person.plans.get(plan) in RUNNING for plan in one.plans)
        for one in person.follow_ups
    )


def _kinds_asked_of(person: PersonRows, now: datetime) -> list[str]:
    """Give the kinds of contact the person could have: a fast omsorgskontakt is for those with home care."""
    since = now - timedelta(days=HOME_CARE_DAYS)
    has_home_care = any(since < at <= now for at in person.home_care)
    return [one.code for one in FIXED_CONTACT_KINDS if one != FIXED_HOME_CARE_CONTACT or has_home_care]
