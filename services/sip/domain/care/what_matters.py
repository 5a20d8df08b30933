"""What matters to the person: own words, or that the person was asked and did not want to say."""

from collections.abc import Iterator
from typing import Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.reading import has_code, says_something, target
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import ASKED_DECLINED, WHAT_MATTERS
from services.sip.domain.held import Resource

_STATED: Final = frozenset({"final", "amended", "corrected"})


def what_matters_rules(
    _before: Resource | None, after: Resource, _context: CareContext
) -> Iterator[Violation]:
    """Judge an Observation that says what matters; others pass."""
    if not has_code(after.get("code"), WHAT_MATTERS) or after.get("status") not in _STATED:
        return
    if not answers(after):
        yield Violation(
            "what-matters-unanswered",
            "Empty; write the person's own words in valueString, or dataAbsentReason asked-declined.",
            "Observation.value",
            agreed("what_matters_required"),
        )
    told_by = {(target(one) or "").partition("/")[0] for one in after.get("performer", ())}
    if not told_by & {"Patient", "RelatedPerson"}:
        yield Violation(
            "what-matters-performer",
            "What matters is said by the person, or by a relative who speaks for them; name that performer.",
            "Observation.performer",
            agreed("what_matters_required"),
        )


def answers(observation: Resource) -> bool:
    """Tell whether this is a person's answer to what matters."""
    return (
        observation.get("resourceType") == "Observation"
        and observation.get("status") in _STATED
        and has_code(observation.get("code"), WHAT_MATTERS)
        and (
            says_something(observation.get("valueString"))
            or has_code(observation.get("dataAbsentReason"), ASKED_DECLINED)
        )
    )
