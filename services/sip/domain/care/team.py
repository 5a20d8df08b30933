"""The team of a plan: who is in it and since when; membership is ended, never rewritten; the author stays in.

Who may see the plan follows from the team (PDL 4 kap. 1 §: who takes part in the care), so its history holds.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.life_cycle import LifeCycle
from services.sip.domain.care.parties import unit_behind
from services.sip.domain.care.plan.kind import kind_of
from services.sip.domain.care.reading import of_type, target
from services.sip.domain.care.violation import Violation
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of_period

LIFE: Final = LifeCycle(
    rule="team-status",
    what="A plan's team",
    where="CareTeam.status",
    begins=frozenset({"proposed", "active", "inactive"}),
    steps={
        "proposed": frozenset({"proposed", "active", "inactive", "entered-in-error"}),
        "active": frozenset({"active", "suspended", "inactive", "entered-in-error"}),
        "suspended": frozenset({"suspended", "active", "inactive", "entered-in-error"}),
        "inactive": frozenset({"entered-in-error"}),
    },
)
_MEETS: Final = frozenset({"proposed", "active"})
_LIVE_PLAN: Final = frozenset({"draft", "active", "on-hold"})
_CARE: Final = "PDL 4 kap. 1 §"
Participant = Mapping[str, Any]


def team_rules(before: Resource | None, after: Resource, context: CareContext) -> Iterator[Violation]:
    """Judge one new version of a plan's team."""
    yield from LIFE.broken_by(before, after)
    for number, participant in enumerate(after.get("participant", ())):
        yield from _sound(f"CareTeam.participant[{number}]", participant, context)
    if before is not None:
        yield from _history_kept(before, after, context)
    key = context.key_of(after)
    for _, plan in of_type(context.person, "CarePlan"):
        if kind_of(plan) is not None and plan.get("status") in _LIVE_PLAN and key in _teams(plan):
            yield from author_shut_out(plan, context, where="CareTeam.participant")


def author_shut_out(
    plan: Resource, context: CareContext, where: str = "CarePlan.careTeam"
) -> Iterator[Violation]:
    """Refuse a team in which nobody from the unit that answers over all is, or is to be, a member."""
    author = target(plan.get("author"))
    teams = [team for key in _teams(plan) if (team := context.person.get(key)) is not None]
    members = [member for team in teams if team.get("status") in _MEETS for member in _members(team, context)]
    if not teams or author is None or author in members:
        return
    unit = unit_behind(author, context)
    if unit is not None and not any(unit_behind(member, context) == unit for member in members):
        yield Violation(
            "team-without-author",
            f"The plan's team has no member from {unit}, which answers over all; keep one of its staff as a "
            "participant whose period has not ended.",
            where,
            _CARE,
        )


def _teams(plan: Resource) -> list[str]:
    return [key for one in plan.get("careTeam", ()) if (key := target(one))]


def _members(team: Resource, context: CareContext) -> Iterator[str]:
    for participant in team.get("participant", ()):
        member = target(participant.get("member"))
        if member and not _has_ended(participant, context):
            yield member


def _has_ended(participant: Participant, context: CareContext) -> bool:
    period = participant.get("period", {})
    return "end" in period and span_of_period(period)[1] <= context.now


def _sound(where: str, participant: Participant, context: CareContext) -> Iterator[Violation]:
    start, end = span_of_period(participant.get("period"))
    if start > end:
        yield Violation(
            "team-period-reversed",
            "The membership ends before it begins; correct start or end.",
            f"{where}.period",
            agreed("life_cycles_kept"),
        )
    member = target(participant.get("member")) or ""
    kind = member.partition("/")[0]
    if kind not in {"Patient", "RelatedPerson"} and unit_behind(member, context) is None:
        yield Violation(
            "team-member-without-unit",
            f"{member or 'The member'} leads to no unit, so nobody can tell who may see the plan; name a "
            "PractitionerRole, an Organization of the directory, the person or a RelatedPerson.",
            f"{where}.member",
            _CARE,
        )


def _history_kept(before: Resource, after: Resource, context: CareContext) -> Iterator[Violation]:
    """Memberships that have begun stay; one that has ended stays as it ended."""
    still = [_identity(one) for one in after.get("participant", ())]
    ends = {_identity(one): one.get("period", {}).get("end") for one in after.get("participant", ())}
    for participant in before.get("participant", ()):
        start, end = span_of_period(participant.get("period"))
        who = _identity(participant)
        if start > context.now:
            continue
        if who not in still:
            yield _rewritten(
                f"The membership of {who[0]} has been, and is left out; end it with period.end instead."
            )
        elif end <= context.now and ends[who] != participant["period"]["end"]:
            yield _rewritten(
                f"The membership of {who[0]} has ended; add a new participant for who joins again."
            )


def _identity(participant: Participant) -> tuple[str | None, str | None]:
    return target(participant.get("member")), participant.get("period", {}).get("start")


def _rewritten(text: str) -> Violation:
    return Violation("team-history", text, "CareTeam.participant", agreed("life_cycles_kept"))
