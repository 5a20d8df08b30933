"""Made-up plans as plain facts with the work around them, and the same facts as resources."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from services.sip.domain import codes
from services.sip.domain.codes import Code

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
Resource = dict[str, Any]
ACHIEVEMENT = "http://terminology.hl7.org/CodeSystem/goal-achievement"
STATUSES = ("draft", "active", "on-hold", "completed", "revoked", "entered-in-error")


@dataclass(frozen=True)
class Plan:
    """One plan and how the work with it went; of a meeting, each participant came or did not."""

    id: str
    status: str
    category: Code
    created: datetime | None = None
    consented: datetime | None = None
    called: datetime | None = None
    met: datetime | None = None
    came: tuple[bool, ...] = ()
    asked: str = ""
    followed_up: datetime | None = None
    goals: tuple[str, ...] = ()
    ended: datetime | None = None
    reason: bool = False


def some_time(chance: random.Random, days: int) -> datetime:
    return NOW - timedelta(hours=chance.randrange(-48, 24 * days))


def made_plan(chance: random.Random, id: str) -> Plan:
    def perhaps(share: float, days: int = 500) -> datetime | None:
        return some_time(chance, days) if chance.random() < share else None

    consented = perhaps(0.8)
    called = consented + timedelta(hours=chance.randrange(-24, 150)) if consented else perhaps(0.3)
    return Plan(
        id,
        chance.choice(STATUSES),
        chance.choice(
            [codes.PLAN_CATEGORY_SIP] * 4 + [codes.PLAN_CATEGORY_DISCHARGE, codes.PLAN_CATEGORY_LSS]
        ),
        perhaps(0.9),
        consented,
        called if chance.random() < 0.8 else None,
        perhaps(0.6),
        tuple(chance.random() < 0.8 for _ in range(chance.randrange(5))),
        chance.choice(["", "words", "declined", "blank"]),
        perhaps(0.5, 90),
        tuple(
            chance.choice(["achieved", "not-achieved", "open", "cancelled"])
            for _ in range(chance.randrange(4))
        ),
        perhaps(0.7),
        chance.random() < 0.7,
    )


def instant(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def plan_resources(plan: Plan, subject: Resource) -> Iterator[Resource]:
    """Write a plan and what belongs to it."""
    own = {"reference": f"CarePlan/{plan.id}"}
    yield _care_plan(plan, subject)
    yield from _goals(plan, subject)
    if plan.consented:
        yield {
            "resourceType": "Consent",
            "id": f"{plan.id}-consent",
            "status": "active",
            "category": [codes.CONSENT_SIP.concept()],
            "dateTime": instant(plan.consented),
            "provision": {"data": [{"meaning": "related", "reference": own}]},
        }
    if plan.called:
        yield {
            "resourceType": "Communication",
            "id": f"{plan.id}-call",
            "status": "completed",
            "category": [codes.CALL.concept()],
            "basedOn": [own],
            "sent": instant(plan.called),
        }
    if plan.met:
        yield _meeting(plan, plan.met, own)
    if plan.asked:
        yield _asked(plan, subject)
    if plan.followed_up:
        yield {
            "resourceType": "QuestionnaireResponse",
            "id": f"{plan.id}-outcome",
            "questionnaire": codes.QUESTIONNAIRE_FOLLOW_UP,
            "status": "completed",
            "basedOn": [own],
            "subject": subject,
            "authored": instant(plan.followed_up),
        }


def _care_plan(plan: Plan, subject: Resource) -> Resource:
    care_plan: Resource = {
        "resourceType": "CarePlan",
        "id": plan.id,
        "status": plan.status,
        "intent": "plan",
        "category": [plan.category.concept()],
        "subject": subject,
        "goal": [{"reference": f"Goal/{plan.id}-goal{number}"} for number in range(len(plan.goals))],
        "supportingInfo": [{"reference": f"Observation/{plan.id}-asked"}] if plan.asked else [],
    }
    if plan.created:
        care_plan["created"] = instant(plan.created)
    if plan.ended:
        care_plan["period"] = {"end": instant(plan.ended)}
    if plan.reason:
        care_plan["extension"] = [{"url": codes.EXT_END_REASON, "valueCodeableConcept": {"text": "x"}}]
    return care_plan


def _goals(plan: Plan, subject: Resource) -> Iterator[Resource]:
    for number, reached in enumerate(plan.goals):
        status = {"open": "active", "cancelled": "cancelled"}.get(reached, "completed")
        judged = {"achievementStatus": Code(ACHIEVEMENT, reached).concept()} if status == "completed" else {}
        yield {
            "resourceType": "Goal",
            "id": f"{plan.id}-goal{number}",
            "lifecycleStatus": status,
            "subject": subject,
            **judged,
        }


def _meeting(plan: Plan, at: datetime, own: Resource) -> Resource:
    actors = [
        ("accepted" if came else "declined", f"PractitionerRole/r{n}") for n, came in enumerate(plan.came)
    ]
    return {
        "resourceType": "Appointment",
        "id": f"{plan.id}-meeting",
        "status": "fulfilled",
        "supportingInformation": [own],
        "start": instant(at),
        "participant": [
            {"actor": {"reference": actor}, "status": status}
            for status, actor in [*actors, ("accepted", "HealthcareService/room")]
        ],
    }


def _asked(plan: Plan, subject: Resource) -> Resource:
    said = {"words": {"valueString": "Att bo kvar."}, "blank": {"valueString": " "}}
    return {
        "resourceType": "Observation",
        "id": f"{plan.id}-asked",
        "status": "final",
        "code": codes.WHAT_MATTERS.concept(),
        "subject": subject,
        **said.get(plan.asked, {"dataAbsentReason": codes.ASKED_DECLINED.concept()}),
    }
