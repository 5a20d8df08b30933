"""The plan itself: drafted, added to, moved through its life."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.sip.domain.building.scribe import Scribe, all_to, to
from services.sip.domain.codes import (
    EXT_END_REASON,
    EXT_LAWFUL_GROUND,
    EXT_NO_ACTIONS_BY_OTHERS,
    LAWFUL_GROUND,
    PLAN_CATEGORY_DISCHARGE,
    PLAN_CATEGORY_LSS,
    PLAN_CATEGORY_SIP,
    PLAN_END_REASON,
    Code,
)
from services.sip.domain.held import Resource

CATEGORIES: Final[dict[str, tuple[Code, str]]] = {
    "sip": (PLAN_CATEGORY_SIP, "Samordnad individuell plan"),
    "discharge": (PLAN_CATEGORY_DISCHARGE, "Samordnad individuell plan vid utskrivning"),
    "lss": (PLAN_CATEGORY_LSS, "Individuell plan enligt LSS"),
}
NO_ACTIONS: Final = {"url": EXT_NO_ACTIONS_BY_OTHERS, "valueBoolean": True}


@dataclass(frozen=True, slots=True)
class Frame:
    """What a plan says before anything hangs on it: kind, title, needs (ids), time, ground without consent."""

    kind: str
    title: str
    need_ids: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    ground: tuple[str, str] | None = None


def plan(scribe: Scribe, frame: Frame, author: str, team: str, *, no_actions_by_others: bool) -> Resource:
    """Build the CarePlan as a draft; `author` answers over all."""
    category, words = CATEGORIES[frame.kind]
    extensions = [NO_ACTIONS] if no_actions_by_others else []
    if frame.ground:
        code, text = frame.ground
        ground = Code(LAWFUL_GROUND, code).concept(text)
        extensions.append({"url": EXT_LAWFUL_GROUND, "valueCodeableConcept": ground})
    times = {"start": frame.start, "end": frame.end}
    return scribe.new(
        "CarePlan",
        extension=extensions or None,
        status="draft",
        intent="plan",
        category=[category.concept(words)],
        title=frame.title,
        subject=to(scribe.person),
        period={name: day.isoformat() for name, day in times.items() if day} or None,
        created=scribe.moment,
        author=to(author),
        careTeam=[to(team)],
        addresses=all_to([f"Condition/{one}" for one in frame.need_ids]),
    )


def with_references(plan: Resource, element: str, keys: Iterable[str]) -> Resource:
    """Add references that are not there yet to goal, contributor, supportingInfo, addresses."""
    there = [one.get("reference") for one in plan.get(element, ())]
    new = [to(key) for key in dict.fromkeys(keys) if key not in there]
    return plan | ({element: [*plan.get(element, ()), *new]} if new else {})


def with_activities(plan: Resource, tasks: Iterable[str]) -> Resource:
    """Add Tasks."""
    new = [{"reference": to(task)} for task in tasks]
    return plan | ({"activity": [*plan.get("activity", ()), *new]} if new else {})


def without_extension(plan: Resource, url: str) -> Resource:
    """Take an extension away; FHIR has no empty lists, so the last one takes the list with it."""
    kept = [one for one in plan.get("extension", ()) if one.get("url") != url]
    rest = {name: value for name, value in plan.items() if name != "extension"}
    return rest | ({"extension": kept} if kept else {})


def with_extension(plan: Resource, extension: dict[str, Any]) -> Resource:
    """Set an extension, in place of one of the same kind."""
    rest = without_extension(plan, extension["url"])
    return rest | {"extension": [*rest.get("extension", ()), extension]}


def activated(plan: Resource, day: date) -> Resource:
    """Let it run; one that did not say since when runs from this day."""
    running = deepcopy(plan) | {"status": "active"}
    return running | {"period": {"start": day.isoformat(), **running.get("period", {})}}


def ended(plan: Resource, outcome: str, reason: str, day: date) -> Resource:
    """End it: `outcome` is completed or revoked, `reason` a code of plan-end-reason."""
    over = deepcopy(plan) | {"status": outcome}
    over["period"] = {**over.get("period", {}), "end": day.isoformat()}
    concept = Code(PLAN_END_REASON, reason).concept()
    return with_extension(over, {"url": EXT_END_REASON, "valueCodeableConcept": concept})
