"""The work list: what about a person's fixed contacts somebody must look at. Tasks of their own, never a figure.

An entry follows from the write that gives cause to it and is stored with it; it is closed by what mends it, or by
people. It is addressed to the unit whose contact it is about.
"""

import uuid
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Final

from services.sip.domain.care.contact.codes import (
    ATTENTION,
    ENDED,
    MANY_PEOPLE,
    NO_SUCCESSOR,
    NOBODY_FOLLOWS,
    STAND_IN_OVER,
    THIRD_CHANGE,
    UNIT_MERGED,
)
from services.sip.domain.care.contact.facts import (
    HOLDING,
    Contact,
    contacts_of,
    others_of_its_kind,
    person_behind,
)
from services.sip.domain.care.contact.kinds import kinds
from services.sip.domain.care.contact.steps import steps_of
from services.sip.domain.care.contact.succession import begins_now, one_at_a_time
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.parties import unit_behind
from services.sip.domain.care.reading import codes_in, has_code, of_type, target
from services.sip.domain.codes import TASK_ATTENTION, Code
from services.sip.domain.held import Resource

ENTRIES: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://samplan.example/fhir/sid/attention")
YEAR: Final = timedelta(days=365)
CHANGES: Final = 3
OPEN: Final = frozenset({"requested", "received", "accepted", "ready", "in-progress", "on-hold"})
TEXTS: Final = {
    NO_SUCCESSOR: "Fast kontakt upphörde utan efterträdare",
    STAND_IN_OVER: "Ersättarens tid har gått ut",
    THIRD_CHANGE: "Tredje bytet av fast kontakt på ett år",
    MANY_PEOPLE: "Skör person möter många olika personer",
}


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a person is on the list: the reason, the contact it is about, since when, and whose unit looks at it.

    `once` names the occasion: the same occasion never makes two entries.
    """

    reason: str
    contact: str
    person: str
    since: str
    unit: str
    once: str = ""


def entry(cause: Cause, at: str) -> Resource:
    """Write an entry as a Task to the unit."""
    number = uuid.uuid5(ENTRIES, f"{cause.reason}\n{cause.contact}\n{cause.once}")
    return {
        "resourceType": "Task",
        "id": str(number),
        "status": "requested",
        "intent": "order",
        "code": TASK_ATTENTION.concept(),
        "description": TEXTS[cause.reason],
        "focus": {"reference": cause.contact},
        "for": {"reference": cause.person},
        "authoredOn": at,
        "executionPeriod": {"start": cause.since},
        "owner": {"reference": cause.unit},
        "reasonCode": Code(ATTENTION, cause.reason).concept(),
    }


def is_attention(resource: Resource) -> bool:
    """Tell an entry of the work list from other Tasks."""
    return resource.get("resourceType") == "Task" and has_code(resource.get("code"), TASK_ATTENTION)


def entries_following(before: Resource | None, contact: Contact, context: CareContext) -> Iterator[Resource]:
    """Give the entries that a change of a contact makes, and those that it closes.

    `context` is the record as it will be, with all that follows for the other contacts.
    """
    at = context.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    for cause in (*_without_successor(before, contact, context), *_changed_often(before, contact, context)):
        written = entry(cause, at)
        if f"Task/{written['id']}" not in context.person:
            yield written
    if begins_now(before, contact):
        yield from _mended(contact, context)


def _without_successor(before: Resource | None, contact: Contact, context: CareContext) -> Iterator[Cause]:
    ends = before is not None and before.get("status") in HOLDING and contact.status == "inactive"
    if not ends or contact.stands_in_for is not None:
        return
    steps = steps_of(contact.resource)
    nobody = bool(steps) and steps[-1].state == ENDED and steps[-1].reason in NOBODY_FOLLOWS
    if not nobody and not any(_takes_its_place(one, contact) for one in others_of_its_kind(contact, context)):
        yield from _about(NO_SUCCESSOR, contact, "end", context)


def _takes_its_place(other: Contact, contact: Contact) -> bool:
    return other.status in HOLDING and (other.start == contact.end or other.follows == contact.key)


def _changed_often(before: Resource | None, contact: Contact, context: CareContext) -> Iterator[Cause]:
    """Count changes of person: a stand-in is none, nor is the same person in another role of the directory."""
    if not begins_now(before, contact) or contact.stands_in_for or not one_at_a_time(contact, context):
        return
    alike = [one for one in contacts_of(context) if one.kind == contact.kind and one.stands_in_for is None]
    alike.sort(key=lambda one: (one.start, one.key))
    changes = [
        later
        for earlier, later in pairwise(alike)
        if contact.start - YEAR < later.start <= contact.start
        and person_behind(earlier.holder, context) != person_behind(later.holder, context)
        and UNIT_MERGED not in later.reasons
    ]
    if len(changes) >= CHANGES and contact.key in {one.key for one in changes}:
        yield from _about(THIRD_CHANGE, contact, "start", context)


def _about(reason: str, contact: Contact, since_its: str, context: CareContext) -> Iterator[Cause]:
    since = contact.resource.get("period", {}).get(since_its)
    unit, person = unit_behind(contact.holder, context), target(contact.resource.get("subject"))
    if since and unit and person and contact.kind in kinds():
        yield Cause(reason, contact.key, person, since, unit)


def _mended(contact: Contact, context: CareContext) -> Iterator[Resource]:
    """A new contact of the kind is what an entry about its lack asked for."""
    for key, task in of_type(context.person, "Task"):
        reasons = set(codes_in(task.get("reasonCode"), ATTENTION)) & {NO_SUCCESSOR, STAND_IN_OVER}
        about = target(task.get("focus"))
        alike = {one.key for one in others_of_its_kind(contact, context)}
        if is_attention(task) and task.get("status") in OPEN and reasons and about in alike:
            yield deepcopy(task) | {
                "id": key.partition("/")[2],
                "status": "completed",
                "statusReason": {"text": f"Ny kontakt utsedd: {contact.key}"},
            }
