"""What one person's plans and answers add to the figures about the work with plans."""

from collections.abc import Iterator
from datetime import datetime

from services.sip.domain.continuity.resident_reported import reported_continuity
from services.sip.domain.continuity.sip_process import answers, attendance, call_days, goals_reached
from services.sip.measures.cells import (
    ATTENDANCE,
    CALL_DAYS,
    GOALS_REACHED,
    REPORTED,
    SIP_NO,
    SIP_YES,
    Figure,
    Number,
)
from services.sip.measures.person_rows import PersonRows


def of_plans(person: PersonRows, now: datetime) -> Iterator[tuple[Figure, tuple[str, ...], Number]]:
    """Give the person's numbers; what is undefined adds nothing."""
    for question, yes in answers(person.processes, now).items():
        yield SIP_YES if yes else SIP_NO, (question,), 1
    for figure, value in (
        (CALL_DAYS, call_days(person.processes, now)),
        (ATTENDANCE, attendance(person.processes, now)),
        (GOALS_REACHED, goals_reached(person.processes, now)),
        (REPORTED, reported_continuity(person.answers, now)),
    ):
        if value is not None:
            yield figure, (), value
