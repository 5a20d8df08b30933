"""The same figures by a plain, slow script over exported CSV: no FHIR, no database, no fractions, nothing shared."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import mean, median
from zoneinfo import ZoneInfo

Row = dict[str, str]
Figures = dict[str, dict[tuple[str, ...], dict[str, float | None]]]
"""Indicator; its labels, then place; the numbers."""
SWEDEN = ZoneInfo("Europe/Stockholm")


def figures_of(tables: dict[str, str], now: datetime) -> Figures:
    """Give every indicator, by municipality and by county and group, of which there is anybody."""
    rows = {name: list(csv.DictReader(io.StringIO(text))) for name, text in tables.items()}
    by_person: dict[str, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for name, table in rows.items():
        for row in table:
            by_person[row["person"]][name].append(row)
    numbers: dict[str, dict[tuple[str, ...], list[float]]] = defaultdict(lambda: defaultdict(list))
    for own in by_person.values():
        person = own["persons"][0]
        for indicator, labels, number in told_of(person, own, now):
            for place in places_of(person, labels, indicator, own, now):
                numbers[indicator][place].append(number)
    return {
        indicator: {labels: told(indicator, values) for labels, values in cells.items()}
        for indicator, cells in numbers.items()
    }


def told(indicator: str, values: list[float]) -> dict[str, float | None]:
    if indicator in ("fixed-contact-coverage", "sip-process"):
        return {"having": sum(values), "population": len(values), "score": mean(values)}
    if indicator in ("plans-by-status", "follow-ups-overdue", "contact-duration"):
        return {"count": sum(values), "persons": len(values)}
    more = {"median": median(values)} if indicator in ("staff-continuity", "sip-call-days") else {}
    return {"persons": len(values), "score": mean(values), **more}


def places_of(
    person: Row, labels: tuple[str, ...], indicator: str, own: dict[str, list[Row]], now: datetime
) -> Iterator[tuple[str, ...]]:
    place = person["municipality"] or "unknown"
    county = place[:2] if place != "unknown" else place
    yield (*labels, "municipality", place)
    yield (*labels, county, "all", "all")
    yield (*labels, county, "sex", person["sex"] if person["sex"] in ("male", "female") else "unknown")
    yield (*labels, county, "age", age_band(person["birth"], now))
    needed = {"True": "needed", "False": "not-needed"}
    yield (*labels, county, "interpreter", needed.get(person["interpreter"], "unknown"))
    yield (*labels, county, "deprivation", person["deprivation"] or "unknown")
    if indicator == "continuity-coc":
        yield (*labels, county, "unit", listed_at(own, now) or "")


def age(birth: str, now: datetime) -> int:
    born, today = date.fromisoformat(birth), now.astimezone(SWEDEN).date()
    years = today.year - born.year
    return years if (today.month, today.day) >= (born.month, born.day) else years - 1


def age_band(birth: str, now: datetime) -> str:
    if not birth:
        return "unknown"
    years = age(birth, now)
    if years < 18:
        return "0-17"
    if years < 45:
        return "18-44"
    if years < 65:
        return "45-64"
    return "65-79" if years < 80 else "80-"


def told_of(
    person: Row, own: dict[str, list[Row]], now: datetime
) -> Iterator[tuple[str, tuple[str, ...], float]]:
    plans = [one for one in own["plans"] if one["category"] != "lss" and one["status"] != "entered-in-error"]
    for status in {one["status"] for one in plans}:
        yield "plans-by-status", (status,), sum(one["status"] == status for one in plans)
    yield from process(plans, own["follow_ups"], now)
    points = latest_points(own["answers"], now)
    if points:
        yield "resident-continuity", (), (mean(points) - 1) / 4
    if person["dead"] == "True":
        return
    yield from living(person, own, now)
    overdue = overdue_of(plans, own["follow_ups"], now)
    if overdue:
        yield "follow-ups-overdue", (), overdue


def living(
    person: Row, own: dict[str, list[Row]], now: datetime
) -> Iterator[tuple[str, tuple[str, ...], float]]:
    for kind in "1234":
        if kind != "3" or has_home_care(own["visits"], now):
            held = active(own["contacts"], kind, now)
            yield "fixed-contact-coverage", (kind,), 1 if held else 0
            starts = [one["start"] for one in held if one["start"]]
            if starts:
                yield "contact-duration", (kind, band(min(starts), now)), 1
    yield from continuity(own, now)
    staff = staff_of(person, own["visits"], now)
    if staff is not None:
        yield "staff-continuity", (), staff


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def recent(text: str, now: datetime) -> bool:
    return bool(text) and now.replace(year=now.year - 1) < at(text) <= now


def day(text: str) -> date:
    return at(text).astimezone(SWEDEN).date()


def process(
    plans: list[Row], follow_ups: list[Row], now: datetime
) -> Iterator[tuple[str, tuple[str, ...], float]]:
    waits = [
        (day(one["called"]) - day(one["consented"])).days
        for one in plans
        if recent(one["called"], now) and one["consented"]
    ]
    waits = [one for one in waits if one >= 0]
    if waits:
        yield "sip-call-days", (), mean(waits)
        yield "sip-process", ("call-in-time",), 1 if max(waits) <= 3 else 0
    begun = [one for one in plans if one["status"] != "draft" and recent(one["created"], now)]
    if begun:
        asked = [one["asked"] in ("words", "declined") for one in begun]
        yield "sip-process", ("what-matters-recorded",), 1 if all(asked) else 0
    yield from endings(plans, follow_ups, now)


def endings(
    plans: list[Row], follow_ups: list[Row], now: datetime
) -> Iterator[tuple[str, tuple[str, ...], float]]:
    verdicts = []
    for one in plans:
        dues = [row["due"] for row in follow_ups if row["plan"] == one["plan"]]
        if one["status"] != "draft" and dues and recent(min(dues), now):
            due = at(min(dues)) + timedelta(seconds=1)
            verdicts.append(bool(one["followed_up"]) and at(one["followed_up"]) < due)
    if verdicts:
        yield "sip-process", ("followed-up-in-time",), 1 if all(verdicts) else 0
    ended = [one for one in plans if one["status"] in ("completed", "revoked") and recent(one["ended"], now)]
    if ended:
        yield "sip-process", ("ended-with-reason",), 1 if all(one["reason"] == "True" for one in ended) else 0
    goals = [goal for one in ended for goal in one["goals"].split() if goal != "cancelled"]
    if goals:
        yield "sip-goals-reached", (), goals.count("achieved") / len(goals)
    met = [one for one in plans if recent(one["met"], now)]
    invited = sum(int(one["invited"]) for one in met)
    if invited:
        yield "sip-attendance", (), sum(int(one["came"]) for one in met) / invited


def latest_points(answers: list[Row], now: datetime) -> list[int]:
    given = [one for one in answers if one["points"] and recent(one["at"], now)]
    return [int(one) for one in max(given, key=lambda row: row["at"])["points"].split()] if given else []


def overdue_of(plans: list[Row], follow_ups: list[Row], now: datetime) -> int:
    running = [one["plan"] for one in plans if one["status"] in ("active", "on-hold")]
    return len(
        [
            1
            for one in follow_ups
            if one["status"] == "requested" and at(one["due"]) < now and one["plan"] in running
        ]
    )


def has_home_care(visits: list[Row], now: datetime) -> bool:
    days = [
        (now - at(one["at"])) / timedelta(days=1)
        for one in visits
        if one["kind"] == "home-care-visit" and one["status"] == "finished" and one["at"]
    ]
    return any(0 <= ago < 90 for ago in days)


def active(contacts: list[Row], kind: str, now: datetime) -> list[Row]:
    return [
        one
        for one in contacts
        if one["kind"] == kind
        and (one["status"] == "active" or one["end"])
        and (not one["start"] or at(one["start"]) <= now)
        and (not one["end"] or now < at(one["end"]))
    ]


def band(start: str, now: datetime) -> str:
    years = max(1, age(day(start).isoformat(), now))
    for last, name in ((1, "1"), (3, "2-3"), (5, "4-5"), (10, "6-10"), (15, "11-15")):
        if years <= last:
            return name
    return ">15"


def listed_at(own: dict[str, list[Row]], now: datetime) -> str | None:
    held = active(own["contacts"], "2", now)
    return held[0]["unit"] if held else None


def continuity(own: dict[str, list[Row]], now: datetime) -> Iterator[tuple[str, tuple[str, ...], float]]:
    since, unit = now.replace(year=now.year - 1, month=now.month - 6), listed_at(own, now)
    seen = [
        one
        for one in own["visits"]
        if one["provider"] and one["status"] == "finished" and one["at"] and since < at(one["at"]) <= now
        if unit and one["unit"] == unit
    ]
    seen.sort(key=lambda one: (one["at"], one["provider"]))
    who = [one["provider"] for one in seen]
    if len(who) < 3:
        return
    visits, providers = len(who), len(set(who))
    yield "continuity-coc", (), coc(who)
    yield "continuity-upc", (), max(who.count(one) for one in who) / visits
    same = [one == following for one, following in pairwise(who)]
    yield "continuity-secon", (), sum(same) / (visits - 1)
    yield "continuity-mmci", (), (1 - providers / (visits + 0.1)) / (1 - 1 / (visits + 0.1))
    yield "continuity-k", (), (visits - providers) / (visits - 1)
    for kind, profession in (
        ("doctor-visit", "doctor"),
        ("nurse-visit", "nurse"),
        ("physiotherapy-visit", "physiotherapist"),
    ):
        alone = [one["provider"] for one in seen if one["kind"] == kind]
        if len(alone) >= 3:
            yield "continuity-coc-profession", (profession,), coc(alone)


def coc(who: list[str]) -> float:
    pairs = sum(one == other for one in who for other in who) - len(who)
    return pairs / (len(who) * (len(who) - 1))


def staff_of(person: Row, visits: list[Row], now: datetime) -> int | None:
    if not person["birth"] or age(person["birth"], now) < 65:
        return None
    today = now.astimezone(SWEDEN).date()
    days: dict[date, list[str]] = {today - timedelta(days=back): [] for back in range(1, 15)}
    for one in visits:
        if one["kind"] == "home-care-visit" and one["status"] == "finished" and one["at"] and one["provider"]:
            local = at(one["at"]).astimezone(SWEDEN)
            if local.date() in days and 7 <= local.hour < 22:
                days[local.date()].append(one["provider"])
    if any(len(staff) < 2 for staff in days.values()):
        return None
    return len({one for staff in days.values() for one in staff})
