"""What was said when a plan was followed up."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from services.sip.domain.building.scribe import Scribe, to
from services.sip.domain.codes import QUESTIONNAIRE_FOLLOW_UP
from services.sip.domain.held import Resource

OUTCOME: Final = ("goals-met", "Nåddes målen?")


@dataclass(frozen=True, slots=True)
class FollowUpWish:
    """When it was, what was said, which goals (ids) were reached or not, and when the next one is."""

    on: date
    text: str
    goals: tuple[tuple[str, bool], ...] = ()
    next_on: date | None = None


def outcome(scribe: Scribe, plan: str, wish: FollowUpWish) -> Resource:
    """Build the QuestionnaireResponse."""
    link, question = OUTCOME
    return scribe.new(
        "QuestionnaireResponse",
        basedOn=[to(plan)],
        questionnaire=QUESTIONNAIRE_FOLLOW_UP,
        status="completed",
        subject=to(scribe.person),
        authored=wish.on.isoformat(),
        author=to(scribe.who),
        item=[{"linkId": link, "text": question, "answer": [{"valueString": wish.text}]}],
    )
