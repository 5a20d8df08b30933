"""What matters to the person: in own words, or that the question was asked and not answered."""

from copy import deepcopy

from services.sip.domain.building.scribe import Scribe, to
from services.sip.domain.codes import ASKED_DECLINED, WHAT_MATTERS
from services.sip.domain.held import Resource

QUESTION = "Vad är viktigt för dig?"


def what_matters(scribe: Scribe, words: str | None) -> Resource:
    """Build the Observation; no words means that the person was asked and did not want to say."""
    stated = scribe.new(
        "Observation",
        status="final",
        code=WHAT_MATTERS.concept(QUESTION),
        subject=to(scribe.person),
        effectiveDateTime=scribe.moment,
        performer=[to(scribe.person)],
    )
    return _answered(stated, words)


def said_anew(observation: Resource, words: str | None, scribe: Scribe) -> Resource:
    """Replace the answer; the earlier one stays in the history."""
    amended = deepcopy(observation) | {"status": "amended", "effectiveDateTime": scribe.moment}
    return _answered(amended, words)


def _answered(observation: Resource, words: str | None) -> Resource:
    observation.pop("valueString", None)
    observation.pop("dataAbsentReason", None)
    if words is None:
        return observation | {"dataAbsentReason": ASKED_DECLINED.concept("Ville inte säga")}
    return observation | {"valueString": words}
