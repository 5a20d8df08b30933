"""Until when what a person adds to the figures stays the same though nobody writes.

At the latest until the next midnight in Sweden: so what depends on days alone (birthdays, bands of years, dates) needs
nothing here. What turns at a time of day is named. Too early is only work in vain; too late would be a wrong figure.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from typing import Final

from services.sip.domain.continuity.listed_unit import MONTHS as VISIT_MONTHS
from services.sip.domain.continuity.listed_unit import months_before
from services.sip.domain.continuity.resident_reported import MONTHS as ANSWER_MONTHS
from services.sip.domain.continuity.sip_process import MONTHS as PLAN_MONTHS
from services.sip.domain.moments import SWEDEN
from services.sip.measures.contributions import HOME_CARE_DAYS
from services.sip.measures.person_rows import PersonRows

HOME_CARE: Final = timedelta(days=HOME_CARE_DAYS)
TWO_DAYS: Final = timedelta(days=2)


def holds_until(person: PersonRows, now: datetime) -> datetime:
    """Give the first moment after `now` at which the contribution may be another."""
    midnight = next_midnight(now)
    return min((one for one in _turning(person, now) if now < one < midnight), default=midnight)


def next_midnight(now: datetime) -> datetime:
    """Give the beginning of the next day in Sweden."""
    tomorrow = now.astimezone(SWEDEN).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), SWEDEN).astimezone(now.tzinfo)


def _turning(person: PersonRows, now: datetime) -> Iterator[datetime]:
    if person.who is not None and person.who.died is not None:
        yield person.who.died
    for contact in person.contacts:
        yield contact.start
        yield contact.end
    for one in person.follow_ups:
        yield one.due
    visits = [one.at for one in person.visits]
    yield from _coming_and_leaving(visits, (months_before(now, VISIT_MONTHS), now - HOME_CARE), now)
    other = [
        at for one in person.processes for at in (one.begun, one.called, one.met, one.due, one.ended) if at
    ]
    other += [one.at for one in person.answers]
    yield from _coming_and_leaving(
        other, (months_before(now, PLAN_MONTHS), months_before(now, ANSWER_MONTHS)), now
    )


def _coming_and_leaving(
    times: Sequence[datetime], beginnings: Iterable[datetime], now: datetime
) -> Iterator[datetime]:
    """By as much as something lies after the beginning of the time looked at, by so much later it leaves it."""
    yield from times
    for since in beginnings:
        yield from (now + (at - since) for at in times if since < at < since + TWO_DAYS)
