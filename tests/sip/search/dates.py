"""Times as R4's search compares them: spans from the first moment to the first after. Part of the oracle."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

Span = tuple[datetime, datetime]
FIRST: Final = datetime(1, 1, 1, tzinfo=UTC)
LAST: Final = datetime(9999, 12, 31, tzinfo=UTC)
HOME: Final = ZoneInfo("Europe/Stockholm")
"""Where no zone is written the server's own counts, and this server is in Sweden."""


def span(text: str) -> Span:
    """Read a date or time with whatever precision it has."""
    if len(text) == 4:
        return _local(int(text), 1, 1), _local(int(text) + 1, 1, 1)
    if len(text) == 7:
        year, month = int(text[:4]), int(text[5:])
        return _local(year, month, 1), _local(year + month // 12, month % 12 + 1, 1)
    if len(text) == 10:
        year, month, day = map(int, text.split("-"))
        after = datetime(year, month, day) + timedelta(days=1)  # noqa: DTZ001 - a day of the calendar
        return _local(year, month, day), _local(after.year, after.month, after.day)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=HOME)
    clock = re.match(r"\d\d:\d\d(:\d\d)?(\.\d+)?", text[11:])
    assert clock
    length = timedelta(milliseconds=1) if clock[2] else timedelta(seconds=1 if clock[1] else 60)
    return moment, moment + length


def _local(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=HOME).astimezone(UTC)


def spans(value: Any) -> list[Span]:
    """Give what time a stored value is about: nothing for what is no time at all."""
    if isinstance(value, str):
        return [span(value)] if re.match(r"\d{4}", value) else []
    if not isinstance(value, dict):
        return []
    if "event" in value or "repeat" in value:  # of a Timing only the outer limits matter
        inside = [span(one) for one in value.get("event", ())]
        inside += spans(value.get("repeat", {}).get("boundsPeriod"))
        return [(min(low for low, _ in inside), max(high for _, high in inside))] if inside else []
    start, end = value.get("start"), value.get("end")
    if not (start or end):
        return []
    return [(span(start)[0] if start else FIRST, span(end)[1] if end else LAST)]


def compares(prefix: str, asked: Span, found: Span, now: datetime) -> bool:
    """Say what each prefix says in R4, of the range asked for and the range found."""
    contains = asked[0] <= found[0] and found[1] <= asked[1]
    above, below = found[1] > asked[1], found[0] < asked[0]
    reach = max(abs(now - asked[0]), abs(now - asked[1])) / 10
    return {
        "eq": contains,
        "ne": not contains,
        "gt": above,
        "lt": below,
        "ge": above or contains,
        "le": below or contains,
        "sa": found[0] >= asked[1],
        "eb": found[1] <= asked[0],
        "ap": found[0] < asked[1] + reach and asked[0] - reach < found[1],
    }[prefix]
