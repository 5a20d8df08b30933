"""The person's answer to an offered contact; who accepts has it from a day."""

from dataclasses import dataclass
from datetime import datetime

from services.sip.domain.building.contact import answered, appointed
from services.sip.domain.building.scribe import precisely
from services.sip.domain.held import Resource
from services.sip.use_cases.change_contact import change_contact
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.ports import Stored


@dataclass(frozen=True, slots=True)
class Answer:
    """accepted, declined or wanted-another; when; why; and from when, if accepted."""

    state: str
    at: datetime | None = None
    reason: str | None = None
    start: datetime | None = None


async def answer_offer(key: str, answer: Answer, desk: Desk) -> Stored:
    """Store the answer; what is accepted for a day to come stays proposed until somebody lets it begin."""
    now = desk.asking.now
    start = answer.start or now

    def told(held: Resource) -> Resource:
        noted = answered(held, answer.state, precisely(answer.at or now), answer.reason)
        if answer.state != "accepted":
            return noted
        if start > now:
            return noted | {"period": {**noted.get("period", {}), "start": precisely(start)}}
        return appointed(noted, precisely(start))

    return await change_contact(key, told, desk)
