"""The kallelse that calls other parties to plan together, and the meeting it proposes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.sip.domain.building.scribe import Scribe, all_to, key_of, moment, to
from services.sip.domain.codes import CALL
from services.sip.domain.held import Resource
from services.sip.domain.moments import SWEDEN

MEETING_LASTS: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class CallWish:
    """Whom to call (HSA-ids), what to plan together, about which plan or needs (`Type/id`), when to meet."""

    units: tuple[str, ...]
    question: str
    about: tuple[str, ...] = ()
    meeting_at: datetime | None = None


def call(scribe: Scribe, wish: CallWish, recipients: list[str]) -> list[Resource]:
    """Build the Communication and, when a time is proposed, the Appointment; the time stands in both."""
    plans = [key for key in wish.about if key.startswith("CarePlan/")]
    said = [wish.question, *([_invitation(wish.meeting_at)] if wish.meeting_at else [])]
    sent = scribe.new(
        "Communication",
        basedOn=all_to(plans),
        status="completed",
        category=[CALL.concept()],
        subject=to(scribe.person),
        about=all_to(wish.about),
        sent=scribe.moment,
        recipient=all_to(recipients),
        sender=to(scribe.who),
        payload=[{"contentString": text} for text in said],
    )
    return [sent, *([_meeting(scribe, wish.meeting_at, key_of(sent), plans)] if wish.meeting_at else [])]


def _invitation(at: datetime) -> str:
    local = at.astimezone(SWEDEN)
    return f"Möte föreslås {local:%Y-%m-%d} klockan {local:%H.%M}."


def _meeting(scribe: Scribe, at: datetime, sent: str, plans: list[str]) -> Resource:
    """Nobody but a person can be an actor (R4), so the called units answer with somebody of theirs."""
    actors = [scribe.who] if scribe.who.startswith("PractitionerRole/") else []
    return scribe.new(
        "Appointment",
        status="proposed",
        description="Möte om samordnad individuell plan",
        supportingInformation=all_to(plans or [sent]),
        start=moment(at),
        end=moment(at + MEETING_LASTS),
        created=scribe.moment,
        participant=[
            *({"actor": to(actor), "status": "accepted"} for actor in actors),
            {"actor": to(scribe.person), "status": "needs-action"},
        ],
    )
