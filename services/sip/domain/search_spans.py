"""What a date parameter compares: the span of time that a stored value, or a value searched for, stands for.

https://hl7.org/fhir/R4/search.html#date: a Period without start or end is open there, its end includes all that
matches it; of a Timing only the outer limits count.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from services.sip.domain.held import FOREVER
from services.sip.domain.moments import Span, span_of

EARLIEST: Final = datetime(1, 1, 1, tzinfo=UTC)
APPROXIMATELY: Final = 0.1
"""`ap` reaches a tenth of the distance from now, as the specification recommends."""


def stored_spans(value: Any) -> Iterator[Span]:
    """Give the spans of a date, dateTime, instant, Period or Timing; none of what says no time."""
    if isinstance(value, str):
        yield text_span(value)
    elif isinstance(value, Mapping):
        if "event" in value or "repeat" in value:
            yield from _timing(value)
        elif value.get("start") or value.get("end"):
            yield _period(value)


def text_span(text: str) -> Span:
    """Read a date or time as [first moment, first moment after); raises ValueError for what is none."""
    try:
        return span_of(text)
    except OverflowError:  # the first or last hours of the calendar, seen from another zone
        edge = EARLIEST if text < "5" else FOREVER
        return edge, edge + timedelta(days=1) if edge is EARLIEST else FOREVER


def _period(period: Mapping[str, Any]) -> Span:
    start, end = period.get("start"), period.get("end")
    return (text_span(start)[0] if start else EARLIEST), (text_span(end)[1] if end else FOREVER)


def _timing(timing: Mapping[str, Any]) -> Iterator[Span]:
    spans = [text_span(one) for one in timing.get("event", ()) if isinstance(one, str)]
    bounds = timing.get("repeat", {}).get("boundsPeriod", {})
    if bounds.get("start") or bounds.get("end"):
        spans.append(_period(bounds))
    if spans:
        yield min(low for low, _ in spans), max(high for _, high in spans)


def around(span: Span, now: datetime) -> Span:
    """Widen a span to what is approximately then."""
    low, high = span
    reach = APPROXIMATELY * max(abs(now - low), abs(now - high))
    return _shifted(low, -reach, max), _shifted(high, reach, min)


def _shifted(at: datetime, by: timedelta, edge: Callable[..., datetime]) -> datetime:
    try:
        return edge(at + by, EARLIEST if by < timedelta() else FOREVER)
    except OverflowError:
        return EARLIEST if by < timedelta() else FOREVER
