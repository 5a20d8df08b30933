"""A whole plan drafted at once: the plan, its team, goals, tasks, and what matters to the person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from services.sip.domain.building.goal import goal
from services.sip.domain.building.plan import Frame, plan, with_activities, with_references
from services.sip.domain.building.scribe import Scribe, key_of
from services.sip.domain.building.task import action_by_other, follow_up, intervention
from services.sip.domain.building.team import Member, team
from services.sip.domain.building.what_matters import what_matters
from services.sip.domain.held import Resource


@dataclass(frozen=True, slots=True)
class Answer:
    """The person's answer to what matters; no words: asked, and did not want to say."""

    words: str | None


@dataclass(frozen=True, slots=True)
class Deed:
    """An intervention: what is to be done, by which unit (HSA-id), by when."""

    text: str
    unit: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class OthersDeed:
    """What somebody else than region and municipality does, and who, both in words."""

    text: str
    who: str


@dataclass(frozen=True, slots=True)
class PlanWish:
    """A plan as people speak of it; units are HSA-ids; without `responsible_unit` the writer answers over all."""

    frame: Frame
    what_matters: Answer | None = None
    goals: tuple[str, ...] = ()
    interventions: tuple[Deed, ...] = ()
    others: tuple[OthersDeed, ...] = ()
    nothing_by_others: bool = False
    follow_up_on: date | None = None
    responsible_unit: str | None = None


def drafted(
    scribe: Scribe, wish: PlanWish, units: Mapping[str, str], members: Sequence[Member]
) -> list[Resource]:
    """Build all, the CarePlan first; `units` leads from HSA-id to Organization.

    Every unit that answers for something becomes a member, for a party that could not see the plan is none.
    """
    over_all = units[wish.responsible_unit] if wish.responsible_unit else scribe.unit
    owners = [units[one.unit] for one in wish.interventions]
    everyone = _with_writer(scribe, members)
    parties = list(dict.fromkeys([over_all, *(one.unit for one in everyone), *owners]))
    represented = {one.unit for one in everyone}
    of_plan = team(scribe, [*everyone, *(Member(one, one) for one in parties if one not in represented)])
    author = over_all if wish.responsible_unit else scribe.who
    care_plan = plan(scribe, wish.frame, author, key_of(of_plan), no_actions_by_others=wish.nothing_by_others)
    goals = [goal(scribe, text, begun=False) for text in wish.goals]
    told = [what_matters(scribe, wish.what_matters.words)] if wish.what_matters else []
    tasks = _tasks(scribe, wish, key_of(care_plan), owners, over_all)
    care_plan = with_references(care_plan, "contributor", parties)
    care_plan = with_references(care_plan, "goal", [key_of(one) for one in goals])
    care_plan = with_references(care_plan, "supportingInfo", [key_of(one) for one in told])
    care_plan = with_activities(care_plan, [key_of(one) for one in tasks])
    return [care_plan, of_plan, *told, *goals, *tasks]


def _with_writer(scribe: Scribe, members: Sequence[Member]) -> list[Member]:
    """The writer takes part, in the role given if there is one."""
    named = {one.key: one for one in members}
    return [named.pop(scribe.who, Member(scribe.who, scribe.unit)), *named.values()]


def _tasks(
    scribe: Scribe, wish: PlanWish, care_plan: str, owners: Sequence[str], over_all: str
) -> list[Resource]:
    planned = [
        intervention(scribe, care_plan, one.text, owner, one.due)
        for one, owner in zip(wish.interventions, owners, strict=True)
    ]
    planned += [action_by_other(scribe, care_plan, one.text, one.who) for one in wish.others]
    if wish.follow_up_on:
        planned.append(follow_up(scribe, care_plan, wish.follow_up_on, over_all))
    return planned
