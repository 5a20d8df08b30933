"""Noting a follow-up: what was said, which goals were reached, and when the next one is."""

from services.chassis.outcome import Told
from services.sip.domain.building.follow_up import FollowUpWish, outcome
from services.sip.domain.building.goal import judged
from services.sip.domain.building.plan import with_activities
from services.sip.domain.building.scribe import key_of
from services.sip.domain.building.task import done, follow_up
from services.sip.domain.errors import RulesBroken
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.open_plan import OpenPlan, PlanVersion, open_plan
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.write_once import Changed


async def note_follow_up(plan: PlanVersion, wish: FollowUpWish, desk: Desk) -> Stored:
    """Store the outcome, the judged goals, the follow-up as done, the next one, and the plan."""
    opened = await open_plan(plan, desk)
    new = [outcome(opened.scribe, opened.key, wish)]
    revised = opened.resource
    if wish.next_on:
        new.append(follow_up(opened.scribe, opened.key, wish.next_on, opened.over_all()))
        revised = with_activities(revised, [key_of(new[1])])
    changed = _judged_goals(opened, wish)
    planned = opened.next_follow_up()
    if planned:
        changed.append((done(planned.resource), planned.version))
    return await opened.save(revised, new, changed)


def _judged_goals(opened: OpenPlan, wish: FollowUpWish) -> list[Changed]:
    goals = {one.key: one for one in opened.referred("goal")}
    told = [
        Told("not-found", f"The plan has no goal {id}.", f"/goals/{place}/id", rule="goal-unknown")
        for place, (id, _) in enumerate(wish.goals)
        if f"Goal/{id}" not in goals
    ]
    if told:
        raise RulesBroken(*told)
    found = [(goals[f"Goal/{id}"], reached) for id, reached in wish.goals]
    return [(judged(goal.resource, reached=reached), goal.version) for goal, reached in found]
