"""A need, in the words of whoever noted it."""

from services.sip.domain.building.scribe import Scribe, to
from services.sip.domain.care.contact.codes import FRAIL
from services.sip.domain.codes import NEED_ACTIVE, NEED_CATEGORY
from services.sip.domain.held import Resource


def need(scribe: Scribe, text: str) -> Resource:
    """Build the Condition."""
    return scribe.new(
        "Condition",
        clinicalStatus=NEED_ACTIVE.concept(),
        category=[NEED_CATEGORY.concept()],
        code={"text": text},
        subject=to(scribe.person),
        recordedDate=scribe.moment,
        recorder=to(scribe.who) if scribe.who.startswith("PractitionerRole/") else None,
    )


def frailty(scribe: Scribe) -> Resource:
    """Build the flag that somebody was assessed as frail."""
    return need(scribe, "Skör") | {"code": FRAIL.concept("Skör")}
