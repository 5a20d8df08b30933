"""A plan's team: who takes part, since when, in which role."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass

from services.sip.domain.building.scribe import Scribe, to
from services.sip.domain.codes import PLAN_TEAM
from services.sip.domain.held import Resource

PERSON_THEMSELVES = "Den planen gäller"


@dataclass(frozen=True, slots=True)
class Member:
    """Who takes part: a PractitionerRole or Organization, its unit (both `Type/id`), and the role in words."""

    key: str
    unit: str
    role: str | None = None


def team(scribe: Scribe, members: Iterable[Member]) -> Resource:
    """Build the CareTeam, with the person as a member."""
    person = Member(scribe.person, "", PERSON_THEMSELVES)
    return scribe.new(
        "CareTeam",
        status="active",
        category=[PLAN_TEAM.concept()],
        subject=to(scribe.person),
        period={"start": scribe.moment},
        participant=[_participant(one, scribe) for one in (*members, person)],
    )


def joined(joining: Resource, members: Iterable[Member], scribe: Scribe) -> Resource:
    """Add members from this moment on."""
    larger = deepcopy(joining)
    larger.setdefault("participant", []).extend(_participant(one, scribe) for one in members)
    return larger


def _participant(member: Member, scribe: Scribe) -> Resource:
    role = {"role": [{"text": member.role}]} if member.role else {}
    return {**role, "member": to(member.key), "period": {"start": scribe.moment}}
