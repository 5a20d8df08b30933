"""The same figures by a plain, slow script over plain facts: no FHIR, no database, no fractions, nothing shared."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta

from tests.sip.measures.county import County, Person

Figures = dict[str, dict[tuple[str, ...], tuple[float, int]]]
"""Figure, labels: value and persons."""


MEANS = ("coverage", "coc")


def figures_of(county: County, now: datetime) -> Figures:
    values: dict[str, dict[tuple[str, ...], list[float]]] = defaultdict(lambda: defaultdict(list))
    for person in county.people:
        place = person.municipality or "unknown"
        for status, plans in plans_of(person).items():
            values["plans"][status, place].append(plans)
        for figure, label, number in () if person.dead else living(person, county.roles, now):
            values[figure][*label, place].append(number)
    return {
        figure: {
            labels: (sum(numbers) / (len(numbers) if figure in MEANS else 1), len(numbers))
            for labels, numbers in cells.items()
        }
        for figure, cells in values.items()
    }


def plans_of(person: Person) -> dict[str, int]:
    statuses = [one.status for one in person.plans if one.category.code != "lss"]
    return {status: statuses.count(status) for status in statuses if status != "entered-in-error"}


def living(
    person: Person, roles: dict[str, str], now: datetime
) -> Iterator[tuple[str, tuple[str, ...], float]]:
    overdue = overdue_of(person, now)
    if overdue:
        yield "overdue", (), overdue
    for kind in "1234":
        if kind != "3" or has_home_care(person, now):
            yield "coverage", (kind,), has_contact(person, kind, now)
    index = coc_of(person, roles, now)
    if index is not None:
        yield "coc", (), index


def overdue_of(person: Person, now: datetime) -> int:
    running = [
        plan.id
        for plan in person.plans
        if plan.status in ("active", "on-hold") and plan.category.code != "lss"
    ]
    return len(
        [
            1
            for one in person.follow_ups
            if one.status == "requested" and one.due < now and one.plan in running
        ]
    )


def has_home_care(person: Person, now: datetime) -> bool:
    days = [
        (now - visit.at) / timedelta(days=1)
        for visit in person.visits
        if visit.kind == "home-care-visit" and visit.status == "finished" and visit.at
    ]
    return any(0 <= ago < 90 for ago in days)


def active(person: Person, kind: str, now: datetime) -> list[str]:
    return [
        one.unit
        for one in person.contacts
        if one.kind == kind
        and one.status == "active"
        and (one.start is None or one.start <= now)
        and (one.end is None or now < one.end)
    ]


def has_contact(person: Person, kind: str, now: datetime) -> bool:
    return bool(active(person, kind, now))


def coc_of(person: Person, roles: dict[str, str], now: datetime) -> float | None:
    listed = active(person, "2", now)
    since = now.replace(year=now.year - 1, month=now.month - 6)
    seen = [
        roles[visit.role]
        for visit in person.visits
        if visit.role
        and visit.status == "finished"
        and visit.at
        and since < visit.at <= now
        and listed
        and visit.unit == listed[0]
    ]
    if len(seen) < 3:
        return None
    same_pairs = sum(one == other for one in seen for other in seen) - len(seen)
    return same_pairs / (len(seen) * (len(seen) - 1))
