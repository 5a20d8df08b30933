"""The steps of a fixed contact: offered, declined, appointed, ended …, each with its date and its reason.

Status and period say what any FHIR reader needs; the steps say what status has no words for. They are optional, except
where a reason is owed, and never contradict the status.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.contact.codes import (
    ACCEPTED,
    APPOINTED,
    CONTACT_STATES,
    DECLINED,
    ENDED,
    EXT_STEP,
    OFFERED,
    STAND_IN,
    WANTED_ANOTHER,
)
from services.sip.domain.care.contact.facts import HOLDING, Contact, others_of_its_kind
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.reading import codes_in
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import CONTACT_CHANGE_REASON, CONTACT_CHANGE_REASONS
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of

STATUSES: Final[Mapping[str, frozenset[str]]] = {
    OFFERED: frozenset({"proposed"}),
    ACCEPTED: frozenset({"proposed"}),
    DECLINED: frozenset({"inactive"}),
    WANTED_ANOTHER: frozenset({"inactive"}),
    APPOINTED: HOLDING,
    STAND_IN: frozenset({"active"}),
    ENDED: frozenset({"inactive"}),
}
"""Which status goes with which last step."""
NEVER_HELD: Final = frozenset({DECLINED, WANTED_ANOTHER})
_WITH_REASON: Final = frozenset({DECLINED, WANTED_ANOTHER, STAND_IN, ENDED})
_KEPT: Final = agreed("life_cycles_kept")
_REASON: Final = agreed("contact_reason_required")
_WHERE: Final = "CareTeam.extension"
_GIVE: Final = f"give its reason, one of {', '.join(CONTACT_CHANGE_REASONS)}"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what happened, when, and why, as codes."""

    state: str
    at: str
    reason: str | None

    @property
    def moment(self) -> datetime:
        """Give when, as its first moment."""
        return span_of(self.at)[0]


def steps_of(team: Resource) -> list[Step]:
    """Read the steps in the order they stand; what is not complete is left out."""
    read = (_read(one) for one in team.get("extension", ()) if one.get("url") == EXT_STEP)
    return [one for one in read if one]


def _read(written: Mapping[str, Any]) -> Step | None:
    parts = {one.get("url"): one for one in written.get("extension", ())}
    state, at = parts.get("state", {}).get("valueCode"), parts.get("at", {}).get("valueDateTime")
    if state not in CONTACT_STATES or not at:
        return None
    codes = codes_in(parts.get("reason", {}).get("valueCodeableConcept"), CONTACT_CHANGE_REASON)
    return Step(state, at, next((one for one in codes if one in CONTACT_CHANGE_REASONS), None))


def state_of(team: Resource) -> str:
    """Give the state a contact is in: its last step, else what its status says."""
    steps = steps_of(team)
    if steps and team.get("status") in STATUSES[steps[-1].state]:
        return steps[-1].state
    status: str = team.get("status", "")
    by_status = {"proposed": OFFERED, "active": APPOINTED, "suspended": APPOINTED, "inactive": ENDED}
    return by_status.get(status, status)


def never_held(team: Resource) -> bool:
    """Tell whether it was offered and not taken: inactive, and without a period."""
    return team.get("status") == "inactive" and state_of(team) in NEVER_HELD


def step_rules(before: Resource | None, contact: Contact, context: CareContext) -> Iterator[Violation]:
    """Judge the steps of one new version."""
    team, steps = contact.resource, steps_of(contact.resource)
    written = [one for one in team.get("extension", ()) if one.get("url") == EXT_STEP]
    was = [one for one in (before or {}).get("extension", ()) if one.get("url") == EXT_STEP]
    for flaw in _flaws(contact, len(written), steps):
        yield Violation("contact-step", flaw, _WHERE, _KEPT)
    if was != written[: len(was)]:
        yield Violation(
            "contact-steps-kept",
            "The steps taken stay as they are, in their order; add to them.",
            _WHERE,
            _KEPT,
        )
    if any(one.state in _WITH_REASON and not one.reason for one in steps[len(was) :]):
        yield Violation(
            "contact-step-reason",
            f"A step of {', '.join(sorted(_WITH_REASON))} says why; {_GIVE}.",
            _WHERE,
            _REASON,
        )
    ends = before is not None and before.get("status") in HOLDING and contact.status == "inactive"
    if ends and not (steps and steps[-1].state == ENDED) and not _followed(contact, context):
        yield Violation(
            "contact-end-reason",
            f"The contact ends, nobody follows and it is not said why; add the step ended ({EXT_STEP}), and {_GIVE}.",
            _WHERE,
            _REASON,
        )


def _flaws(contact: Contact, number: int, steps: list[Step]) -> Iterator[str]:
    if len(steps) < number:
        yield f"A step has a state ({', '.join(CONTACT_STATES)}) and a date, at; one here lacks them."
    elif steps:
        last, fitting = steps[-1].state, STATUSES[steps[-1].state]
        if contact.status not in fitting:
            yield (
                f"The last step is {last}, so that status is {' or '.join(sorted(fitting))}, not {contact.status}; "
                "correct one of them."
            )
        if any(one.moment > later.moment for one, later in pairwise(steps)):
            yield "The steps do not stand in the order of their dates; correct them."
        if last in NEVER_HELD and "period" in contact.resource:
            yield f"An offer that was {last} never held; leave period out."


def _followed(contact: Contact, context: CareContext) -> bool:
    others = others_of_its_kind(contact, context)
    return any(one.start == contact.end or one.follows == contact.key for one in others)
