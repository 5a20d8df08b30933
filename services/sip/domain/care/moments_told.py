"""What time alone makes happen: the moments at which something in a record is to be told, though nobody wrote.

A moment is known when the resource is written, so that it can be looked for by time; whether it still matters
(was the call made meanwhile?) is decided when it comes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from services.sip.domain.care.consent.laws import GIVEN_BY_THE_PERSON
from services.sip.domain.care.plan.facts import due
from services.sip.domain.care.reading import codes_in, has_code
from services.sip.domain.care.task.life import is_ours
from services.sip.domain.codes import (
    ADMISSION_NOTICE,
    CALL,
    CONSENT_CATEGORY,
    DISCHARGE_INFORMATION,
    DISCHARGE_READY,
    IN_HOSPITAL,
    TASK_FOLLOW_UP,
    Code,
)
from services.sip.domain.held import FOREVER, Resource
from services.sip.domain.moments import SWEDEN, span_of, span_of_period

OVERDUE: Final = "task.overdue"
DUE: Final = "follow-up.due"
NEAR: Final = "deadline.near"
PASSED: Final = "deadline.passed"
TYPES: Final = (OVERDUE, DUE, NEAR, PASSED)

OPEN: Final = frozenset({"requested", "received", "accepted", "ready", "in-progress", "on-hold"})
FOLLOW_UP_NEAR: Final = timedelta(days=14)
"""Agreed practice: time enough to call a meeting."""
CONSENT_NEAR: Final = timedelta(days=14)
CALL_DAYS: Final = 3
"""Lag (2017:612) 4 kap. 3 §: called within three days after the notice that somebody can be discharged."""
ADMISSION_HOURS: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """An event that time brings: when, which, until when it is worth telling, and what makes it moot.

    `unless` names a kind of Communication that, sent since `since`, answers the deadline.
    """

    at: datetime
    type: str
    worth_until: datetime = FOREVER
    unless: Code | None = None
    since: datetime = FOREVER


def moments_of(resource: Resource) -> list[Told]:
    """Give every moment of one resource as it now is, in order."""
    of_type = _OF.get(resource["resourceType"])
    return sorted(of_type(resource), key=lambda one: (one.at, one.type)) if of_type else []


def next_moment(resource: Resource, after: datetime | None = None) -> datetime | None:
    """Give the time of the next moment, after a time if one is given."""
    return next((one.at for one in moments_of(resource) if after is None or one.at > after), None)


def happened(resource: Resource, communications: Iterable[Resource], now: datetime) -> list[Told]:
    """Give what has come by now and is to be told."""
    sent = list(communications)
    return [
        one for one in moments_of(resource) if one.at <= now < one.worth_until and not _answered(one, sent)
    ]


def _answered(one: Told, communications: Sequence[Resource]) -> bool:
    return one.unless is not None and any(
        has_code(message.get("category"), one.unless)
        and message.get("status") == "completed"
        and "sent" in message
        and span_of(message["sent"])[1] > one.since
        for message in communications
    )


def _task(task: Resource) -> Iterator[Told]:
    if not is_ours(task) or task.get("status") not in OPEN or not (date := due(task)):
        return
    end = span_of_period({"end": date})[1]
    if has_code(task.get("code"), TASK_FOLLOW_UP):
        day = _midnight(span_of(date)[0])
        yield Told(day - FOLLOW_UP_NEAR, NEAR, worth_until=day)
        yield Told(day, DUE, worth_until=max(end, day + timedelta(days=1)))
    yield Told(end, OVERDUE)


def _consent(consent: Resource) -> Iterator[Told]:
    """A consent that ends takes rights with it, at that second; whoever plans by it should know before."""
    person_s = not GIVEN_BY_THE_PERSON.isdisjoint(codes_in(consent.get("category"), CONSENT_CATEGORY))
    start, end = span_of_period(consent.get("provision", {}).get("period"))
    if not person_s or consent.get("status") != "active" or end >= FOREVER or start >= end:
        return
    if start + CONSENT_NEAR < end:
        yield Told(end - CONSENT_NEAR, NEAR, worth_until=end)
    yield Told(end, PASSED)


def _notice(message: Resource) -> Iterator[Told]:
    ready = has_code(message.get("category"), DISCHARGE_READY)
    if not ready or message.get("status") != "completed" or "sent" not in message:
        return
    sent = span_of(message["sent"])[0]
    last = _midnight(sent, days=CALL_DAYS)
    over = _midnight(sent, days=CALL_DAYS + 1)
    yield Told(last, NEAR, worth_until=over, unless=CALL, since=sent)
    yield Told(over, PASSED, unless=CALL, since=sent)


def _stay(encounter: Resource) -> Iterator[Told]:
    if encounter.get("class", {}).get("code") != IN_HOSPITAL or "start" not in encounter.get("period", {}):
        return
    begun = span_of(encounter["period"]["start"])[0]
    if encounter.get("status") in {"in-progress", "onleave", "finished"}:
        yield Told(begun + ADMISSION_HOURS, PASSED, unless=ADMISSION_NOTICE, since=begun)
    if encounter.get("status") == "finished" and "end" in encounter["period"]:
        day = _midnight(span_of(encounter["period"]["end"])[0])
        yield Told(_midnight(day, days=1), PASSED, unless=DISCHARGE_INFORMATION, since=day)


def _midnight(at: datetime, days: int = 0) -> datetime:
    """Give the beginning, in Sweden, of the day of a moment, or of one so many days later."""
    day = at.astimezone(SWEDEN).date() + timedelta(days=days)
    return datetime.combine(day, time(), SWEDEN).astimezone(at.tzinfo)


_OF: Final[Mapping[str, Callable[[Resource], Iterator[Told]]]] = {
    "Task": _task,
    "Consent": _consent,
    "Communication": _notice,
    "Encounter": _stay,
}
