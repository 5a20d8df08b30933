"""How a contact is reached, and what was handed over, as the elements and extensions that hold it."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from services.sip.domain.building.scribe import to
from services.sip.domain.care.contact.codes import EXT_HANDOVER, EXT_HOURS, EXT_VIA_TEAM, PASSED_ON
from services.sip.domain.codes import Code
from services.sip.domain.held import Resource


@dataclass(frozen=True, slots=True)
class Hours:
    """Days (mon … sun) and times, from until."""

    days: Sequence[str]
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Point:
    """One way to reach somebody: phone, email or url, and when it is answered."""

    system: str
    value: str
    hours: Sequence[Hours] = ()


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways to reach the holder; `team` is the Organization, service or team to ask instead, with its name."""

    points: Sequence[Point] = ()
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Handover:
    """When the person was told, by whom (a PractitionerRole; None: the writer), and what was passed on."""

    told_at: str | None = None
    told_by: str | None = None
    passed_on: Sequence[str] = ()
    text: str | None = None


def telecom(point: Point) -> Resource:
    """Write a way as a ContactPoint."""
    hours = [{"url": EXT_HOURS, "extension": [*_times(one)]} for one in point.hours]
    return {"system": point.system, "value": point.value} | ({"extension": hours} if hours else {})


def _times(hours: Hours) -> list[Resource]:
    days: list[Resource] = [{"url": "day", "valueCode": one} for one in hours.days]
    return [*days, {"url": "from", "valueTime": hours.start}, {"url": "until", "valueTime": hours.end}]


def via_team(participant: Mapping[str, Any], team: str) -> Resource:
    """Say by which team the holder is reached."""
    changed = deepcopy(dict(participant))
    kept = [one for one in changed.get("extension", ()) if one.get("url") != EXT_VIA_TEAM]
    return {**changed, "extension": [*kept, {"url": EXT_VIA_TEAM, "valueReference": to(team)}]}


def handed_over(handover: Handover, who: str) -> Resource:
    """Write what was handed over."""
    parts: list[Resource] = []
    if handover.told_at:
        parts.append({"url": "toldAt", "valueDateTime": handover.told_at})
        told_by = handover.told_by or who
        if told_by.startswith("PractitionerRole/"):
            parts.append({"url": "toldBy", "valueReference": to(told_by)})
    parts += [
        {"url": "passedOn", "valueCodeableConcept": Code(PASSED_ON, one).concept()}
        for one in handover.passed_on
    ]
    if handover.text:
        parts.append({"url": "text", "valueString": handover.text})
    return {"url": EXT_HANDOVER, "extension": parts}


def with_handover(held: Resource, handover: Handover, who: str) -> Resource:
    """Note a handover, in place of the one noted before."""
    kept = [one for one in held.get("extension", ()) if one.get("url") != EXT_HANDOVER]
    return deepcopy(held) | {"extension": [*kept, handed_over(handover, who)]}
