"""FHIR dates and times as spans of real time: a partial date is the whole of that year, month or day in Sweden."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.sip.domain.held import ALWAYS, FOREVER

SWEDEN = ZoneInfo("Europe/Stockholm")
Span = tuple[datetime, datetime]


def span_of(text: str) -> Span:
    """Read a date, dateTime or instant as [first moment, first moment after); raises ValueError."""
    if "T" in text:
        return _span_of_time(text)
    parts = [int(part) for part in text.split("-")]
    first = date(*[*parts, 1, 1][:3])
    return _midnight(first), _midnight(_next(first, len(parts)))


def _span_of_time(text: str) -> Span:
    """A leap second counts as the second before it; a time without zone is Swedish."""
    at = datetime.fromisoformat(text.replace(":60", ":59"))
    at = (at if at.tzinfo else at.replace(tzinfo=SWEDEN)).astimezone(UTC)
    seconds = text.partition("T")[2].count(":") > 1 and text.partition("T")[2][5:6] not in {"+", "-", "Z", ""}
    if "." in text:
        return at, at + timedelta(milliseconds=1)
    return at, at + (timedelta(seconds=1) if seconds else timedelta(minutes=1))


def _next(first: date, precision: int) -> date | None:
    """Give the day after the year (1), month (2) or day (3) that begins here; None past the calendar's end."""
    try:
        if precision == 3:
            return first + timedelta(days=1)
        if precision == 2:
            return date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return date(first.year + 1, 1, 1)
    except (OverflowError, ValueError):
        return None


def _midnight(day: date | None) -> datetime:
    return FOREVER if day is None else datetime.combine(day, time(), SWEDEN).astimezone(UTC)


def span_of_period(period: Mapping[str, Any] | None) -> Span:
    """Read a FHIR Period: an open side reaches forever, an end given as a date includes that day."""
    if not period:
        return ALWAYS, FOREVER
    start, end = period.get("start"), period.get("end")
    return (span_of(start)[0] if start else ALWAYS), (_end(end) if end else FOREVER)


def _end(text: str) -> datetime:
    """A stated time of day ends a right at that very moment; a date only when the day is over."""
    return span_of(text)[0] if "T" in text else span_of(text)[1]
