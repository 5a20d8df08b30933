"""A person's goal, and whether it was reached."""

from copy import deepcopy

from services.sip.domain.building.scribe import Scribe, to
from services.sip.domain.held import Resource

ACHIEVEMENT = "http://terminology.hl7.org/CodeSystem/goal-achievement"
NOT_BEGUN = frozenset({"proposed", "planned", "accepted"})


def goal(scribe: Scribe, text: str, *, begun: bool) -> Resource:
    """Build the Goal, expressed by the person; it begins when its plan does."""
    return scribe.new(
        "Goal",
        lifecycleStatus="active" if begun else "proposed",
        description={"text": text},
        subject=to(scribe.person),
        startDate=scribe.now.date().isoformat(),
        expressedBy=to(scribe.person),
    )


def begun(planned: Resource) -> Resource:
    """Let work on it begin."""
    return deepcopy(planned) | {"lifecycleStatus": "active"}


def judged(followed_up: Resource, *, reached: bool) -> Resource:
    """Say at a follow-up whether it was reached; one that was not goes on."""
    code, text = ("achieved", "Uppnått") if reached else ("not-achieved", "Inte uppnått")
    status = "completed" if reached else "active"
    concept = {"coding": [{"system": ACHIEVEMENT, "code": code}], "text": text}
    return deepcopy(followed_up) | {"lifecycleStatus": status, "achievementStatus": concept}
