"""What a person adds stays the same until it is said to hold: whoever is not looked at before then is counted right."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from services.sip.measures.contributions import contribution
from services.sip.measures.holds_until import holds_until
from services.sip.measures.person_rows import PersonRows, read_person
from tests.sip.measures.county import county, person_resources
from tests.sip.measures.county_plans import NOW

MADE = county(1, people=60)
PEOPLE = [read_person(person_resources(person), MADE.roles) for person in MADE.people]
MOMENT = timedelta(microseconds=1)


def turning(person: PersonRows) -> Iterator[datetime]:
    """Give the times near which something may turn: all that the record names, and as much later as is looked back."""
    visits = [one.at for one in person.visits]
    other = [one.at for one in person.answers]
    other += [
        at for one in person.processes for at in (one.begun, one.called, one.met, one.due, one.ended) if at
    ]
    named = [at for one in person.contacts for at in (one.start, one.end)]
    named += [one.due for one in person.follow_ups]
    known = [NOW, *(at for at in (*visits, *other, *named) if 2000 < at.year < 2100)]
    for at in known:
        yield from (at, at + timedelta(days=90), months_after(at, 12), months_after(at, 18))


def months_after(at: datetime, months: int) -> datetime:
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return at.replace(year, month + 1, min(at.day, 28)) + timedelta(days=max(0, at.day - 28))


@pytest.mark.parametrize("before", [timedelta(minutes=30), timedelta(hours=9)])
def test_nothing_changes_before_it_is_said_to(before: timedelta) -> None:
    changed = 0
    for person, moment in ((one, moment) for one in PEOPLE for moment in turning(one)):
        now = moment - before
        until = holds_until(person, now)
        told = contribution(person, now)
        for later in {min(moment, until - MOMENT), min(moment + MOMENT, until - MOMENT), until - MOMENT}:
            assert contribution(person, later) == told, (now, later, until)
        changed += contribution(person, until) != told
    assert changed > 300, "the moments were those near which nothing turns"
