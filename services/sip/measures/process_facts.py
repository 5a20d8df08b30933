"""The process of a person's plans, and what the person answered, read from the resources about them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from services.sip.domain.care.reading import Element, codes_in, extension, has_code, says_something, target
from services.sip.domain.codes import (
    ASKED_DECLINED,
    CALL,
    CONSENT_SIP,
    EXT_END_REASON,
    QUESTIONNAIRE_CONTINUITY,
    QUESTIONNAIRE_FOLLOW_UP,
    TASK_FOLLOW_UP,
    WHAT_MATTERS,
)
from services.sip.domain.continuity.resident_reported import BEST, WORST, Answer
from services.sip.domain.continuity.sip_process import ENDED, PlanProcess
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of
from services.sip.domain.resource_types import references_at

ACHIEVEMENT: Final = "http://terminology.hl7.org/CodeSystem/goal-achievement"
NO_GOAL: Final = frozenset({"rejected", "cancelled", "entered-in-error"})
IN_ERROR: Final = "entered-in-error"
PERSONS: Final = ("PractitionerRole/", "Practitioner/", "Patient/", "RelatedPerson/")
"""Whom one invites; a meeting place takes part in a meeting, and does not come."""


def read_processes(resources: Sequence[Resource], plans: Mapping[str, str]) -> list[PlanProcess]:
    """Give the process of each counted plan that was not entered in error."""
    found = [one for one in resources if one["resourceType"] == "CarePlan" and key_of(one) in plans]
    return [_process(one, _about(key_of(one), one, resources)) for one in found if one["status"] != IN_ERROR]


def key_of(resource: Resource) -> str:
    """Give `Type/id`."""
    return f"{resource['resourceType']}/{resource['id']}"


def _about(plan: str, resource: Resource, others: Sequence[Resource]) -> dict[str, list[Resource]]:
    """Sort what belongs to a plan by type: what refers to it, and what it refers to."""
    named = set(references_at(resource, "goal", "supportingInfo", "activity.reference"))
    about: dict[str, list[Resource]] = {}
    for one in others:
        refers = references_at(one, "basedOn", "about", "supportingInformation", "provision.data.reference")
        if plan in refers or key_of(one) in named:
            about.setdefault(one["resourceType"], []).append(one)
    return about


def _process(plan: Resource, about: Mapping[str, Sequence[Resource]]) -> PlanProcess:
    calls = [one for one in about.get("Communication", ()) if has_code(one.get("category"), CALL)]
    meetings = [one for one in about.get("Appointment", ()) if one.get("status") == "fulfilled"]
    consents = [one for one in about.get("Consent", ()) if has_code(one.get("category"), CONSENT_SIP)]
    goals = [one for one in about.get("Goal", ()) if one.get("lifecycleStatus") not in NO_GOAL]
    actors = [one for meeting in meetings for one in _invited(meeting)]
    ended = plan.get("period", {}).get("end") if plan["status"] in ENDED else None
    return PlanProcess(
        status=plan["status"],
        begun=_first(plan.get("created"), plan.get("period", {}).get("start")),
        consented=_earliest(one.get("dateTime") for one in consents if one.get("status") != IN_ERROR),
        called=_earliest(one.get("sent") for one in calls if one.get("status") != IN_ERROR),
        invited=len(actors),
        came=sum(one.get("status") == "accepted" for one in actors),
        met=_earliest(one.get("start") for one in meetings),
        asked_what_matters=any(map(_asked, about.get("Observation", ()))),
        due=_due(about),
        followed_up=_followed_up(about),
        goals=len(goals),
        reached=sum("achieved" in codes_in(one.get("achievementStatus"), ACHIEVEMENT) for one in goals),
        ended=_first(ended),
        reason_given=extension(plan, EXT_END_REASON) is not None,
    )


def _invited(meeting: Resource) -> Iterator[Element]:
    """Give those who were to come: whoever keeps the room is not among them."""
    for one in meeting.get("participant", ()):
        if (target(one.get("actor")) or "").startswith(PERSONS):
            yield one


def _asked(observation: Resource) -> bool:
    """The person was asked what matters: by own words, or by not wanting to say."""
    if not has_code(observation.get("code"), WHAT_MATTERS) or observation.get("status") == IN_ERROR:
        return False
    declined = has_code(observation.get("dataAbsentReason"), ASKED_DECLINED)
    return declined or says_something(observation.get("valueString"))


def _follow_ups(about: Mapping[str, Sequence[Resource]]) -> list[Resource]:
    tasks = about.get("Task", ())
    live = [one for one in tasks if one.get("status") not in {IN_ERROR, "cancelled", "rejected"}]
    return [one for one in live if has_code(one.get("code"), TASK_FOLLOW_UP)]


def _due(about: Mapping[str, Sequence[Resource]]) -> datetime | None:
    """Give when the day of the first follow-up is over."""
    ends = [one.get("restriction", {}).get("period", {}).get("end") for one in _follow_ups(about)]
    return min((span_of(end)[1] for end in ends if end), default=None)


def _followed_up(about: Mapping[str, Sequence[Resource]]) -> datetime | None:
    """Give the first answers to the follow-up's questions, else when the task says it was done."""
    answers = about.get("QuestionnaireResponse", ())
    written = [one.get("authored") for one in answers if _answers(one, QUESTIONNAIRE_FOLLOW_UP)]
    done = [one for one in _follow_ups(about) if one.get("status") == "completed"]
    ends = [one.get("executionPeriod", {}).get("end") or one.get("lastModified") for one in done]
    return _earliest(iter([*written, *ends]))


def _answers(response: Resource, questionnaire: str) -> bool:
    asked = response.get("questionnaire", "").partition("|")[0]
    return asked == questionnaire and response.get("status") in {"completed", "amended"}


def read_answers(resources: Sequence[Resource]) -> list[Answer]:
    """Give what the person answered about continuity, in points."""
    responses = [one for one in resources if one["resourceType"] == "QuestionnaireResponse"]
    own = [one for one in responses if _answers(one, QUESTIONNAIRE_CONTINUITY) and one.get("authored")]
    return [Answer(span_of(one["authored"])[0], tuple(_points(one))) for one in own]


def _points(response: Resource) -> Iterator[int]:
    for item in response.get("item", ()):
        for answer in item.get("answer", ()):
            value = answer.get("valueInteger")
            if isinstance(value, int) and WORST <= value <= BEST:
                yield value


def _first(*texts: str | None) -> datetime | None:
    return next((span_of(text)[0] for text in texts if text), None)


def _earliest(texts: Iterator[str | None]) -> datetime | None:
    return min((span_of(text)[0] for text in texts if text), default=None)
