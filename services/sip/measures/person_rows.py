"""One person's record reduced to the few facts that figures are made of."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from services.sip.domain.care.reading import codes_in, extension, has_code, target
from services.sip.domain.codes import (
    CONTACT_KIND,
    EXT_MUNICIPALITY_CODE,
    FIXED_CONTACT,
    FIXED_CONTACT_KIND,
    FIXED_CONTACT_KINDS,
    FIXED_DOCTOR,
    PLAN_CATEGORY_DISCHARGE,
    PLAN_CATEGORY_SIP,
    TASK_FOLLOW_UP,
)
from services.sip.domain.continuity.listed_unit import Visit
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of, span_of_period

TYPES: Final = ("Patient", "CarePlan", "CareTeam", "Task", "Encounter")
"""What a person's figures are read from."""
HOME_CARE_VISIT: Final = "home-care-visit"
NO_LONGER_DUE: Final = frozenset({"completed", "cancelled", "rejected", "failed", "entered-in-error"})
UNKNOWN: Final = "unknown"
MUNICIPALITY: Final = re.compile(r"[0-9]{4}")
COUNTED_PLANS: Final = (PLAN_CATEGORY_SIP, PLAN_CATEGORY_DISCHARGE)
"""A plan at discharge is a SIP (lag 2017:612 4 kap.); an individual plan under LSS is another thing."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up not yet done: when its last day is over, and the plans it belongs to."""

    due: datetime
    plans: tuple[str, ...]


@dataclass(slots=True)
class PersonRows:
    """The facts about one person at one time; `fixed` are the kinds of contact held."""

    municipality: str = UNKNOWN
    living: bool = False
    listed_at: str | None = None
    fixed: set[str] = field(default_factory=set)
    plans: dict[str, str] = field(default_factory=dict)
    follow_ups: list[FollowUp] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    home_care: list[datetime] = field(default_factory=list)


def read_person(resources: Iterable[Resource], roles: Mapping[str, str], now: datetime) -> PersonRows:
    """Read a person's current resources; `roles` leads from each PractitionerRole to its Practitioner."""
    rows = PersonRows()
    for resource in resources:
        match resource["resourceType"]:
            case "Patient":
                rows.municipality = _municipality(resource)
                rows.living = not (resource.get("deceasedBoolean") or resource.get("deceasedDateTime"))
            case "CarePlan" if any(has_code(resource.get("category"), one) for one in COUNTED_PLANS):
                rows.plans[f"CarePlan/{resource['id']}"] = resource["status"]
            case "CareTeam":
                _read_contact(resource, now, rows)
            case "Task":
                _read_follow_up(resource, rows)
            case "Encounter":
                _read_visit(resource, roles, rows)
    return rows


def _municipality(patient: Resource) -> str:
    """Read the code of the address; what cannot be the code of a municipality is unknown."""
    for address in patient.get("address", ()):
        code = (extension(address, EXT_MUNICIPALITY_CODE) or {}).get("valueCode", "")
        if MUNICIPALITY.fullmatch(code):
            return str(code)
    return UNKNOWN


def _read_contact(team: Resource, now: datetime, rows: PersonRows) -> None:
    """Take an active fixed contact; Inera notes that starts are often missing, then it counts as begun."""
    begin, end = span_of_period(team.get("period"))
    active = team.get("status") == "active" and begin <= now < end
    if not active or not has_code(team.get("category"), FIXED_CONTACT):
        return
    known = {code.code for code in FIXED_CONTACT_KINDS}
    kinds = {
        code
        for one in team.get("participant", ())
        for code in codes_in(one.get("role"), FIXED_CONTACT_KIND)
        if code in known
    }
    rows.fixed |= kinds
    if FIXED_DOCTOR.code in kinds:
        rows.listed_at = next((target(unit) for unit in team.get("managingOrganization", ())), None)


def _read_follow_up(task: Resource, rows: PersonRows) -> None:
    """A follow-up is due until the end of its day in Sweden."""
    due = task.get("restriction", {}).get("period", {}).get("end")
    if due is None or task.get("status") in NO_LONGER_DUE or not has_code(task.get("code"), TASK_FOLLOW_UP):
        return
    plans = tuple(key for one in task.get("basedOn", ()) if (key := target(one)))
    rows.follow_ups.append(FollowUp(span_of(due)[1], plans))


def _read_visit(encounter: Resource, roles: Mapping[str, str], rows: PersonRows) -> None:
    """A visit that is not finished, or that nobody can place in time, is none."""
    start = encounter.get("period", {}).get("start")
    if encounter.get("status") != "finished" or start is None:
        return
    at = span_of(start)[0]
    if HOME_CARE_VISIT in codes_in(encounter.get("type"), CONTACT_KIND):
        rows.home_care.append(at)
    rows.visits.append(Visit(at, target(encounter.get("serviceProvider")), _provider(encounter, roles)))


def _provider(encounter: Mapping[str, Any], roles: Mapping[str, str]) -> str | None:
    """Name the first participant: one person with two roles is one provider."""
    for participant in encounter.get("participant", ()):
        if key := target(participant.get("individual")):
            return roles.get(key, key)
    return None
