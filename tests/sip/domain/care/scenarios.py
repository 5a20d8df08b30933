"""Situations of care as records: each function gives a person's whole record, keyed by `Type/id`."""

from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from services.sip.domain import codes
from services.sip.domain.care import AgreedPractice, CareContext, Violation, consequences, violations
from services.sip.domain.codes import Code
from tests.sip.domain.care.county import DOCTOR, HEALTH_CENTRE, HOME_NURSING, NURSE, a_county

Resource = dict[str, Any]
Record = dict[str, Resource]

STANDARD = AgreedPractice()
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PERSON = "Patient/anna"
PLAN = "CarePlan/plan"
TEAM = "CareTeam/team"
CONSENT = "Consent/consent"
NURSING = "Task/nursing"
MEDICINE = "Task/medicine"
NEIGHBOUR = "Task/neighbour"
FOLLOW_UP = "Task/follow-up"
WORDS = "Observation/words"
DAUGHTER = "RelatedPerson/daughter"


def to(key: str) -> dict[str, str]:
    """Write a Reference."""
    return {"reference": key}


def of(key: str, **content: Any) -> Record:
    """Write one resource of the person's record under its key."""
    kind, _, number = key.partition("/")
    return {key: {"resourceType": kind, "id": number, **content}}


def a_person(born: str = "1940-05-01") -> Record:
    """Give a record with the person and a daughter in it, nothing else."""
    return {
        **of(PERSON, birthDate=born, identifier=[{"system": codes.PERSONNUMMER, "value": "195009072553"}]),
        **of(DAUGHTER, patient=to(PERSON)),
    }


def a_task(key: str, code: Code, owner: str | None = None, **content: Any) -> Record:
    """Give a requested Task of the plan."""
    task = of(key, status="requested", intent="plan", code=code.concept(), **{"for": to(PERSON)}, **content)
    task[key] |= {"basedOn": [to(PLAN)], "requester": to(NURSE)} | ({"owner": to(owner)} if owner else {})
    return task


def a_consent(key: str = CONSENT, **content: Any) -> Record:
    """Give the person's consent to SIP for this year and every party."""
    given: Resource = {
        "status": "active",
        "scope": codes.CONSENT_SCOPE.concept(),
        "category": [codes.CONSENT_SIP.concept()],
        "patient": to(PERSON),
        "dateTime": "2026-01-10",
        "performer": [to(PERSON)],
        "policy": [{"uri": codes.LAW_HSL_16_4}],
        "provision": {"type": "permit", "period": {"start": "2026-01-10", "end": "2026-12-31"}},
    }
    return of(key, **(given | content))


def a_plan_ready_to_activate(category: Code = codes.PLAN_CATEGORY_SIP) -> Record:
    """Give a draft that holds everything law and agreement ask of an active plan."""
    return {
        **a_person(),
        **a_consent(),
        **a_task(NURSING, codes.TASK_INTERVENTION, HOME_NURSING),
        **a_task(MEDICINE, codes.TASK_INTERVENTION, HEALTH_CENTRE),
        **a_task(NEIGHBOUR, codes.TASK_ACTION_BY_OTHER, DAUGHTER),
        **a_task(
            FOLLOW_UP, codes.TASK_FOLLOW_UP, HOME_NURSING, restriction={"period": {"end": "2026-09-01"}}
        ),
        **of(
            WORDS,
            status="final",
            code=codes.WHAT_MATTERS.concept(),
            subject=to(PERSON),
            performer=[to(PERSON)],
            valueString="Att kunna bo kvar hemma.",
        ),
        **of("Goal/home", lifecycleStatus="active", description={"text": "Bo hemma"}, subject=to(PERSON)),
        **of(TEAM, status="active", category=[codes.PLAN_TEAM.concept()], subject=to(PERSON)),
        **of(
            PLAN,
            status="draft",
            intent="plan",
            category=[category.concept()],
            subject=to(PERSON),
            author=to(NURSE),
            contributor=[to(HOME_NURSING), to(HEALTH_CENTRE)],
            careTeam=[to(TEAM)],
            supportingInfo=[to(WORDS), to(CONSENT)],
            goal=[to("Goal/home")],
            activity=[{"reference": to(key)} for key in (NURSING, MEDICINE, NEIGHBOUR, FOLLOW_UP)],
        ),
    } | {TEAM: a_team_of(NURSE, DOCTOR)}


def a_team_of(*members: str) -> Resource:
    """Give the plan's team with members since January."""
    participants = [{"member": to(member), "period": {"start": "2026-01-10"}} for member in members]
    [team] = of(TEAM, status="active", category=[codes.PLAN_TEAM.concept()], subject=to(PERSON)).values()
    return team | {"participant": participants}


def an_active_plan(category: Code = codes.PLAN_CATEGORY_SIP) -> Record:
    """Give the same plan, active."""
    record = a_plan_ready_to_activate(category)
    record[PLAN]["status"] = "active"
    return record


def changed(record: Record, key: str, **content: Any) -> Resource:
    """Give a changed copy of one resource; None removes an element."""
    copy = deepcopy(record[key]) | content
    return {name: value for name, value in copy.items() if value is not None}


def surroundings(
    record: Record, now: datetime = NOW, agreed: AgreedPractice = STANDARD, actor: str | None = None
) -> CareContext:
    """Give the context in which a record is judged; `actor` is the HSA-id of the writing unit."""
    return CareContext(now, record, a_county(), agreed, actor)


def judged(
    record: Record,
    *written: Resource,
    now: datetime = NOW,
    agreed: AgreedPractice = STANDARD,
    actor: str | None = None,
) -> list[Violation]:
    """Judge new versions written in one transaction, in the order given."""
    after = record | {_key(one): one for one in written}
    scene = surroundings(after, now, agreed, actor)
    return [found for one in written for found in violations(record.get(_key(one)), one, scene)]


def stored(record: Record, *written: Resource, now: datetime = NOW) -> Record:
    """Give the record after an accepted write and what follows from it."""
    assert judged(record, *written, now=now) == []
    after = record | {_key(one): one for one in written}
    for one in written:
        following = consequences(record.get(_key(one)), one, surroundings(after, now))
        after |= {_key(follower): follower for follower in following}
    return after


def rules(found: list[Violation]) -> list[str]:
    """Give the codes of what was found."""
    return [one.rule for one in found]


def _key(resource: Resource) -> str:
    return f"{resource['resourceType']}/{resource['id']}"


def activated(record: Record) -> Resource:
    """Give the plan as it would be activated."""
    return changed(record, PLAN, status="active")


def without_activity(*keys: str) -> dict[str, Any]:
    """Give the plan's activities without those that refer to these Tasks, as content to change."""
    activities = a_plan_ready_to_activate()[PLAN]["activity"]
    return {"activity": [one for one in activities if one["reference"]["reference"] not in keys]}
