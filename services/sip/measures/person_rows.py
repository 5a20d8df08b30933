"""One person's record reduced to the few facts that figures are made of; nothing in it depends on the time of day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from services.sip.domain.care.reading import codes_in, has_code, target
from services.sip.domain.codes import (
    CONTACT_KIND,
    FIXED_CONTACT,
    FIXED_CONTACT_KIND,
    FIXED_CONTACT_KINDS,
    PLAN_CATEGORY_DISCHARGE,
    PLAN_CATEGORY_SIP,
    TASK_FOLLOW_UP,
)
from services.sip.domain.continuity.listed_unit import Visit
from services.sip.domain.continuity.resident_reported import Answer
from services.sip.domain.continuity.sip_process import PlanProcess
from services.sip.domain.held import ALWAYS, FOREVER, Resource
from services.sip.domain.moments import span_of, span_of_period
from services.sip.measures.process_facts import read_answers, read_processes
from services.sip.measures.who import Who, read_who

TYPES: Final = (
    *("Patient", "CarePlan", "CareTeam", "Task", "Encounter", "Goal", "Communication", "Appointment"),
    *("Observation", "Consent", "QuestionnaireResponse"),
)
"""What a person's figures are read from."""
HOME_CARE_VISIT: Final = "home-care-visit"
NO_LONGER_DUE: Final = frozenset({"completed", "cancelled", "rejected", "failed", "entered-in-error"})
HELD_OR_ENDED: Final = frozenset({"active", "inactive"})
COUNTED_PLANS: Final = (PLAN_CATEGORY_SIP, PLAN_CATEGORY_DISCHARGE)
"""A plan at discharge is a SIP (lag 2017:612 4 kap.); an individual plan under LSS is another thing."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up not yet done: when its last day is over, and the plans it belongs to."""

    due: datetime
    plans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactHeld:
    """A fixed contact that holds or held: its kind, the unit that answers for it, and from when to when."""

    kind: str
    unit: str | None
    start: datetime
    end: datetime

    def holds(self, now: datetime) -> bool:
        """Tell whether it holds at a moment."""
        return self.start <= now < self.end


@dataclass(slots=True)
class PersonRows:
    """The facts about one person; what holds of them at a moment is judged by `contribution`."""

    who: Who | None = None
    contacts: list[ContactHeld] = field(default_factory=list)
    plans: dict[str, str] = field(default_factory=dict)
    follow_ups: list[FollowUp] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    processes: list[PlanProcess] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)


def read_person(resources: Iterable[Resource], roles: Mapping[str, str]) -> PersonRows:
    """Read a person's current resources; `roles` leads from each PractitionerRole to its Practitioner."""
    rows, others = PersonRows(), list[Resource]()
    for resource in resources:
        match resource["resourceType"]:
            case "Encounter":
                _read_visit(resource, roles, rows)
                continue
            case "Patient":
                rows.who = read_who(resource)
            case "CarePlan" if any(has_code(resource.get("category"), one) for one in COUNTED_PLANS):
                rows.plans[f"CarePlan/{resource['id']}"] = resource["status"]
            case "CareTeam":
                _read_contact(resource, rows)
            case "Task":
                _read_follow_up(resource, rows)
        others.append(resource)
    if rows.plans:
        rows.processes = read_processes(others, rows.plans)
    rows.answers = read_answers(others)
    return rows


def _read_contact(team: Resource, rows: PersonRows) -> None:
    """Take a fixed contact; Inera notes that starts are often missing, then it counts as begun."""
    if team.get("status") not in HELD_OR_ENDED or not has_code(team.get("category"), FIXED_CONTACT):
        return
    begin, end = span_of_period(team.get("period"))
    if team["status"] == "inactive" and end == FOREVER:
        return  # it ended, nobody knows when: it says nothing about any day
    known = {code.code for code in FIXED_CONTACT_KINDS}
    unit = next((target(one) for one in team.get("managingOrganization", ())), None)
    kinds = {
        code
        for one in team.get("participant", ())
        for code in codes_in(one.get("role"), FIXED_CONTACT_KIND)
        if code in known
    }
    rows.contacts += [ContactHeld(kind, unit, begin, end) for kind in sorted(kinds)]


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
    kind = next(iter(codes_in(encounter.get("type"), CONTACT_KIND)), None)
    unit = target(encounter.get("serviceProvider"))
    rows.visits.append(Visit(span_of(start)[0], unit, _provider(encounter, roles), kind))


def _provider(encounter: Mapping[str, Any], roles: Mapping[str, str]) -> str | None:
    """Name the first participant: one person with two roles is one provider."""
    for participant in encounter.get("participant", ()):
        if key := target(participant.get("individual")):
            return roles.get(key, key)
    return None


def begun_at(contact: ContactHeld) -> datetime | None:
    """Give when a contact began; None where the record does not say."""
    return None if contact.start == ALWAYS else contact.start
