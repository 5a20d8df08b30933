"""Reading a plan whole: the plan, what belongs to it, and the directory rows it speaks of, as one look."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import orjson

from services.sip.domain.circle import circle_of
from services.sip.domain.exact_json import exact
from services.sip.domain.held import Held, Resource
from services.sip.domain.references import keys_referred_to
from services.sip.domain.sight import joined
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.ports import Access, Stored
from services.sip.use_cases.read_directory import read_directory
from services.sip.use_cases.read_resource import check_scope, missed, sight_of

PARTS: Final = (
    "Patient",
    "RelatedPerson",
    "CareTeam",
    "Goal",
    "Task",
    "Condition",
    "Observation",
    "Consent",
    "Communication",
    "Appointment",
    "QuestionnaireResponse",
)
"""What a plan is told with; a plan may refer to more, which stays behind FHIR."""


@dataclass(frozen=True, slots=True)
class WholePlan:
    """A plan with its parts by `Type/id`, each with its version; `at` is where the plan's own version stands."""

    at: Stored
    plan: Held
    parts: Mapping[str, Held]
    directory: Mapping[str, Resource]


async def check_plan_scopes(desk: Desk) -> None:
    """Refuse a token that may not read what a plan is told with, before anything is written or looked at."""
    for kind in ("CarePlan", *PARTS):
        await check_scope(kind, "r", desk.asking, desk.store)


async def read_plan(key: str, desk: Desk) -> WholePlan:
    """Give the plan, with one row in the access record; raises NotFound, ScopeTooNarrow."""
    await check_plan_scopes(desk)
    whole = await look_at_plan(key, desk)
    asking = desk.asking
    keys = [whole.plan.key, *(part for part in whole.parts if part != whole.plan.patient)]
    row = Access(
        asking.now, asking.caller, "R", "CarePlan", whole.plan.patient, keys, allowed=True,
        reason="care relation", request_id=asking.request_id,
    )  # fmt: skip
    await desk.store.log.record([row])
    return whole


async def look_at_plan(key: str, desk: Desk) -> WholePlan:
    """Give the plan without a row of its own, for those who are about to write one; raises NotFound."""
    sight = joined(sight_of(kind, desk.asking) for kind in ("CarePlan", *PARTS))
    found = await desk.store.records.current(key, sight, desk.asking.now)
    if found is None:
        found = await missed(key, desk.asking, desk.store)
    plan = _held(found)
    seen: dict[str, Held] = {}
    if plan.patient and sight.reader:
        visible = await desk.store.records.visible(plan.patient, PARTS, sight, desk.asking.now)
        seen = {one.key: _held(one) for one in visible}
    circle = circle_of(plan, {plan.key: plan, **seen})
    parts = {key: held for key, held in seen.items() if key in circle or _concerns(held, plan)}
    told = [plan.resource, *(one.resource for one in parts.values())]
    named = {key for resource in told for key in keys_referred_to(resource)}
    parts |= {key: held for key, held in seen.items() if held.type == "RelatedPerson" and key in named}
    return WholePlan(found, plan, parts, await read_directory(told, desk.store))


def _held(stored: Stored) -> Held:
    resource = exact(stored.body, orjson.loads(stored.body))
    return Held(stored.key, stored.version, resource, stored.patient)


def _concerns(held: Held, plan: Held) -> bool:
    """The person, and a consent to plans in general, belong to every plan."""
    return held.key == plan.patient or (
        held.type == "Consent" and not held.resource.get("provision", {}).get("data")
    )
