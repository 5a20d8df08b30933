"""What a plan is made of, apart from the plan itself: need, own words, aims, tasks, consent, team and meeting."""

from services.demo.county import codes
from services.demo.county.cases import RELATIONS, Case, unit_for
from services.demo.county.fhir import Entry, Resource, at, concept, create, days, ref, urn
from services.demo.county.staff import Employee
from services.demo.county.stories import Deed
from services.demo.county.units import MEETING_PLACES, Unit

TITLE_OF_PERSON = "Den planen gäller"


def named(case: Case, part: str, number: int = 0) -> str:
    """Name one part of a case's plan."""
    return urn("case", case.key, part, str(number))


def to(case: Case, part: str, number: int = 0) -> dict[str, str]:
    """Refer to one part of a case's plan."""
    return {"reference": named(case, part, number)}


def by(employee: Employee) -> dict[str, str]:
    """Refer to somebody's assignment, with the name to read."""
    return ref("assignment", employee.assignment) | {"display": employee.name}


def unit_ref(unit: Unit) -> dict[str, str]:
    """Refer to a unit, with the name to read."""
    return ref("organization", unit.hsa) | {"display": unit.name}


def needs(case: Case) -> list[Entry]:
    """The needs, noted by the one who answers over all."""
    return [
        create(
            named(case, "need", number),
            {
                "resourceType": "Condition",
                "clinicalStatus": concept(codes.NEED_ACTIVE),
                "category": [concept(codes.NEED_CATEGORY)],
                "code": {"text": case.say(text)},
                "subject": case.resident.ref(),
                "recordedDate": at(case.timeline.noted, 9),
                "recorder": by(case.author),
            },
        )
        for number, text in enumerate(case.story.needs)
    ]


def what_matters(case: Case) -> Entry:
    """The answer to "Vad är viktigt för dig?", or that the person did not want to say."""
    words = case.story.voices[case.voice]
    declined = {"dataAbsentReason": concept(codes.ASKED_DECLINED, "Ville inte säga")}
    return create(
        named(case, "what-matters"),
        {
            "resourceType": "Observation",
            "status": "final",
            "code": concept(codes.WHAT_MATTERS, "Vad är viktigt för dig?"),
            "subject": case.resident.ref(),
            "effectiveDateTime": at(case.timeline.consented, 10),
            "performer": [case.resident.ref()],
            **({"valueString": case.say(words)} if words else declined),
        },
    )


def relative(case: Case) -> list[Entry]:
    """The relative who takes part, where there is one."""
    if not case.relative:
        return []
    word, _, code, gender = RELATIONS[case.relative.relation]
    person: Resource = {
        "resourceType": "RelatedPerson",
        "active": True,
        "patient": case.resident.ref(),
        "relationship": [concept((codes.RELATIONSHIP, code), word)],
        "name": [{"use": "official", "family": case.relative.family, "given": [case.relative.given]}],
        "gender": gender,
    }
    return [create(named(case, "relative"), person)]


def consent(case: Case, *, withdrawn: bool = False) -> Resource:
    """The person's consent to this plan, HSL 16 kap. 4 § and SoL 10 kap. 8 §, for two years from the start."""
    laws = [codes.LAW_LSS_10] if case.story.category == "lss" else [codes.LAW_HSL_16_4, codes.LAW_SOL_10_8]
    categories = [concept(codes.CONSENT_SIP)]
    if case.story.waiver:
        laws.append(codes.LAW_OSL_10_1)
        categories.append(concept(codes.CONSENT_SECRECY_WAIVER))
    parent = [to(case, "relative")] if case.minor and case.relative else []
    return {
        "resourceType": "Consent",
        "extension": [
            {"url": codes.EXT_CONSENT_FORM, "valueCode": "written" if case.story.waiver else "oral"}
        ],
        "status": "inactive" if withdrawn else "active",
        "scope": concept(codes.CONSENT_SCOPE),
        "category": categories,
        "patient": case.resident.ref(),
        "dateTime": at(case.timeline.consented, 10),
        "performer": [*parent, case.resident.ref()],
        "organization": [unit_ref(case.author.unit)],
        "policy": [{"uri": law} for law in laws],
        "provision": {
            "type": "permit",
            "period": {
                "start": at(case.timeline.consented, 10),
                "end": at(days(case.timeline.consented, 730)),
            },
            "data": [{"meaning": "related", "reference": to(case, "plan")}],
        },
    }


def team(case: Case) -> Entry:
    """Everybody who takes part; who is a member may see the plan."""
    since = {"start": at(case.timeline.consented, 10)}
    members = [
        {"role": [{"text": one.role_text}], "member": by(one), "period": since} for one in case.cast.values()
    ]
    members.append({"role": [{"text": TITLE_OF_PERSON}], "member": case.resident.ref(), "period": since})
    if case.relative:
        role = {"text": RELATIONS[case.relative.relation][0]}
        members.append({"role": [role], "member": to(case, "relative"), "period": since})
    return create(
        named(case, "team"),
        {
            "resourceType": "CareTeam",
            "status": "active",
            "category": [concept(codes.PLAN_TEAM)],
            "name": f"Laget kring {case.resident.given}",
            "subject": case.resident.ref(),
            "period": since,
            "participant": members,
        },
    )


def goal(case: Case, number: int, *, reached: bool = False) -> Resource:
    """One aim, expressed by the person."""
    reached_now = {"achievementStatus": concept(codes.GOAL_ACHIEVED)} if reached else {}
    return {
        "resourceType": "Goal",
        "lifecycleStatus": "completed" if reached else "proposed" if case.status == "draft" else "active",
        **reached_now,
        "description": {"text": case.say(case.story.goals[number])},
        "subject": case.resident.ref(),
        "startDate": case.timeline.consented.isoformat(),
        "expressedBy": case.resident.ref(),
    }


def deeds(case: Case) -> list[Deed]:
    """Everything that somebody is to do, in the order of the plan's activities."""
    return case.deeds(*case.story.parties, "self", "relative", "other")


def task(case: Case, number: int, *, done: bool = False) -> Resource:
    """What one party, or somebody else, is to do."""
    deed = deeds(case)[number]
    owner = {"self": case.resident.ref(), "relative": to(case, "relative")}.get(deed.by)
    if deed.by in case.story.parties:
        owner = unit_ref(unit_for(deed.by, case.resident))
    statuses = ("requested", "requested") if case.status == "draft" else ("accepted", "in-progress")
    code = codes.TASK_INTERVENTION if deed.by in case.story.parties else codes.TASK_ACTION_BY_OTHER
    return {
        "resourceType": "Task",
        "basedOn": [to(case, "plan")],
        "status": "completed" if done else statuses[number % 2],
        "intent": "plan",
        "code": concept(code),
        "description": case.say(deed.text),
        "for": case.resident.ref(),
        "authoredOn": at(case.timeline.called, 11),
        **({"owner": owner} if owner else {}),
    }


def follow_up(case: Case, *, done: bool = False) -> Resource:
    """The agreed follow-up: its date is the end of the restriction's period."""
    return {
        "resourceType": "Task",
        "basedOn": [to(case, "plan")],
        "status": "completed" if done else "requested",
        "intent": "plan",
        "code": concept(codes.TASK_FOLLOW_UP),
        "description": f"Uppföljning av planen tillsammans med {case.resident.given}.",
        "for": case.resident.ref(),
        "authoredOn": at(case.timeline.called, 11),
        "owner": unit_ref(case.author.unit),
        "restriction": {"period": {"end": at(case.timeline.follow_up, 15)}},
    }


def meeting_place(case: Case) -> Unit | None:
    """The unit whose meeting place is used, if a party has one."""
    units = [unit_for(kind, case.resident) for kind in case.story.parties]
    return next((unit for unit, _, _ in MEETING_PLACES if unit in units), None)
