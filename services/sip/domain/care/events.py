"""Which events one change is; CloudEvents carry the types with the prefix `se.samplan.`."""

from collections.abc import Callable, Mapping
from typing import Final

from services.sip.domain.care.consent.laws import GIVEN_BY_THE_PERSON
from services.sip.domain.care.contact.facts import is_fixed_contact
from services.sip.domain.care.plan.kind import kind_of
from services.sip.domain.care.reading import codes_in, has_code, target
from services.sip.domain.care.task.life import is_ours
from services.sip.domain.codes import (
    ADMISSION_NOTICE,
    CALL,
    CONSENT_CATEGORY,
    CONTACT_CHANGE_REASON,
    DISCHARGE_DATE_CHANGED,
    DISCHARGE_INFORMATION,
    DISCHARGE_READY,
    INVITATION,
    QUESTIONNAIRE_FOLLOW_UP,
    TASK_ATTENTION,
)
from services.sip.domain.held import Resource

CHANGED: Final = "record.changed"
EMERGENCY: Final = "emergency.opened"
"""Told to the privacy officers of those concerned; its focus is the entry of the access log."""
RAISED: Final = "attention.raised"
"""Told to the unit whose work list it comes to, also where that unit's own change gave cause to it."""
TYPES: Final = (
    "need.noted",
    "consent.given",
    "consent.withdrawn",
    "plan.called",
    "plan.drafted",
    "plan.activated",
    "plan.revised",
    "plan.on-hold",
    "plan.ended",
    "task.assigned",
    "task.changed",
    "goal.changed",
    "meeting.planned",
    "meeting.moved",
    "meeting.answered",
    "follow-up.noted",
    "contact.appointed",
    "contact.changed",
    "contact.ended",
    RAISED,
    EMERGENCY,
    "discharge.admitted",
    "discharge.date-changed",
    "discharge.ready",
    "discharge.informed",
    CHANGED,
)
_PLAN: Final = {
    "draft": "plan.drafted",
    "active": "plan.activated",
    "on-hold": "plan.on-hold",
    "completed": "plan.ended",
    "revoked": "plan.ended",
    "entered-in-error": "plan.ended",
}
_NOTICES: Final = {
    ADMISSION_NOTICE: "discharge.admitted",
    DISCHARGE_DATE_CHANGED: "discharge.date-changed",
    DISCHARGE_READY: "discharge.ready",
    DISCHARGE_INFORMATION: "discharge.informed",
}
Tell = Callable[[Resource | None, Resource], str]


def events(before: Resource | None, after: Resource) -> list[str]:
    """Give the event types of one new version; every version is at least `record.changed`."""
    tell = _TELL.get(after["resourceType"])
    return [tell(before, after) if tell else CHANGED]


def _need(before: Resource | None, _after: Resource) -> str:
    return "need.noted" if before is None else CHANGED


def _consent(before: Resource | None, after: Resource) -> str:
    if GIVEN_BY_THE_PERSON.isdisjoint(codes_in(after.get("category"), CONSENT_CATEGORY)):
        return CHANGED
    was_given = before is not None and before.get("status") == "active"
    if after.get("status") != "active":
        return "consent.withdrawn" if was_given else CHANGED
    if not was_given:
        return "consent.given"
    return CHANGED if _end(before) == _end(after) else "consent.withdrawn"


def _end(consent: Resource | None) -> object:
    """A given consent is only ever made to end sooner."""
    return (consent or {}).get("provision", {}).get("period", {}).get("end")


def _plan(before: Resource | None, after: Resource) -> str:
    if kind_of(after) is None:
        return CHANGED
    status = after.get("status")
    if before is not None and before.get("status") == status:
        return "plan.revised"
    return _PLAN.get(status or "", CHANGED)


def _task(before: Resource | None, after: Resource) -> str:
    if not is_ours(after):
        return CHANGED
    if before is None and has_code(after.get("code"), TASK_ATTENTION):
        return RAISED
    asked_before = before is not None and before.get("status") != "draft"
    same_owner = before is not None and target(before.get("owner")) == target(after.get("owner"))
    asked = after.get("status") != "draft" and target(after.get("owner")) is not None
    return "task.assigned" if asked and not (asked_before and same_owner) else "task.changed"


def _goal(_before: Resource | None, _after: Resource) -> str:
    return "goal.changed"


def _meeting(before: Resource | None, after: Resource) -> str:
    if before is None:
        return "meeting.planned"
    moved = any(before.get(name) != after.get(name) for name in ("start", "end", "status"))
    return "meeting.moved" if moved else CHANGED


def _answer(_before: Resource | None, _after: Resource) -> str:
    return "meeting.answered"


def _call(before: Resource | None, after: Resource) -> str:
    sent = after.get("status") == "completed" and (before is None or before.get("status") != "completed")
    calls = has_code(after.get("category"), CALL) or has_code(after.get("category"), INVITATION)
    if not sent or calls:
        return "plan.called" if sent else CHANGED
    given = (told for code, told in _NOTICES.items() if has_code(after.get("category"), code))
    return next(given, CHANGED)


def _follow_up(before: Resource | None, after: Resource) -> str:
    answered = after.get("status") == "completed" and (before is None or before.get("status") != "completed")
    asked = (after.get("questionnaire") or "").partition("|")[0] == QUESTIONNAIRE_FOLLOW_UP
    return "follow-up.noted" if answered and asked else CHANGED


def _team(before: Resource | None, after: Resource) -> str:
    if not is_fixed_contact(after):
        return CHANGED
    was = before.get("status") if before is not None else "proposed"
    status = after.get("status")
    if was == "active":
        return "contact.changed" if status == "active" else "contact.ended"
    if status != "active":
        return CHANGED
    reasons = set(codes_in(after.get("reasonCode"), CONTACT_CHANGE_REASON))
    return "contact.changed" if reasons - {"first"} else "contact.appointed"


_TELL: Final[Mapping[str, Tell]] = {
    "Condition": _need,
    "Consent": _consent,
    "CarePlan": _plan,
    "Task": _task,
    "Goal": _goal,
    "Appointment": _meeting,
    "AppointmentResponse": _answer,
    "Communication": _call,
    "QuestionnaireResponse": _follow_up,
    "CareTeam": _team,
}
