"""A plan as plain JSON."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.sip.api.models.plan import Links, Plan, PlanSummary
from services.sip.api.views.people import need_view, person_view
from services.sip.api.views.places import staff_of
from services.sip.api.views.plan_parts import (
    NOT_ANY_MORE,
    answer_view,
    follow_ups_view,
    goal_view,
    intervention_view,
    member_view,
    others_view,
)
from services.sip.api.views.sharing import call_view, consent_view
from services.sip.api.views.words import PLAN_STATUS
from services.sip.domain.building.plan import CATEGORIES
from services.sip.domain.care.reading import codes_in, extension, has_code, target
from services.sip.domain.care.what_matters import answers
from services.sip.domain.codes import (
    EXT_END_REASON,
    EXT_LAWFUL_GROUND,
    EXT_NO_ACTIONS_BY_OTHERS,
    PLAN_END_REASON,
    TASK_ACTION_BY_OTHER,
    TASK_FOLLOW_UP,
    TASK_INTERVENTION,
    Code,
)
from services.sip.domain.held import Resource
from services.sip.domain.resource_types import references_at, values_at
from services.sip.use_cases.read_plan import WholePlan


def summary_of(plan: Resource, version: int, base: str) -> dict[str, Any]:
    """Tell what a CarePlan says by itself."""
    kinds = (kind for kind, (code, _) in CATEGORIES.items() if has_code(plan.get("category"), code))
    period = plan.get("period", {})
    status = plan.get("status", "")
    subject = target(plan.get("subject")) or ""
    return {
        "id": plan["id"],
        "version": version,
        "kind": next(kinds, "other"),
        "title": plan.get("title"),
        "status": status,
        "status_text": PLAN_STATUS.get(status, status),
        "person_id": subject.partition("/")[2] or None,
        "created": plan.get("created"),
        "from_": period.get("start"),
        "until": period.get("end"),
        "links": Links(api=f"/api/v1/plans/{plan['id']}", fhir=f"{base}/CarePlan/{plan['id']}"),
    }


def summary_view(plan: Resource, base: str) -> PlanSummary:
    """Tell of a plan in a list."""
    return PlanSummary(**summary_of(plan, int(plan["meta"]["versionId"]), base))


def plan_view(whole: WholePlan, base: str, now: datetime) -> Plan:
    """Tell a plan whole."""
    told = _Told(whole)
    plan, directory = whole.plan.resource, whole.directory
    people = {
        key: held.resource for key, held in whole.parts.items() if held.type in {"Patient", "RelatedPerson"}
    }
    person = people.get(whole.plan.patient or "")
    follow_ups = list(told.tasks(TASK_FOLLOW_UP, also_lapsed=True))
    ground = (extension(plan, EXT_LAWFUL_GROUND) or {}).get("valueCodeableConcept", {})
    ended = (extension(plan, EXT_END_REASON) or {}).get("valueCodeableConcept", {})
    asked = [one for one in told.referred("supportingInfo") if answers(one)]
    return Plan(
        **summary_of(plan, whole.plan.version, base),
        person=person_view(person) if person else None,
        responsible=staff_of(plan.get("author"), directory),
        lawful_ground=ground.get("text"),
        end_reason=next(iter(codes_in(ended, PLAN_END_REASON)), None),
        needs=[need_view(one, directory) for one in told.referred("addresses")],
        what_matters=answer_view(asked[-1]) if asked else None,
        goals=[goal_view(one) for one in told.referred("goal")],
        interventions=[intervention_view(one, directory) for one in told.tasks(TASK_INTERVENTION)],
        actions_by_others=[others_view(one, people, directory) for one in told.tasks(TASK_ACTION_BY_OTHER)],
        nothing_by_others=bool((extension(plan, EXT_NO_ACTIONS_BY_OTHERS) or {}).get("valueBoolean")),
        follow_up=follow_ups_view(follow_ups, list(told.of_type("QuestionnaireResponse")), now),
        team=[
            member_view(one, people, directory)
            for team in told.referred("careTeam")
            for one in values_at(team, "participant")
        ],
        consents=[consent_view(one, directory, now) for one in told.of_type("Consent")],
        calls=[call_view(one, directory) for one in told.of_type("Communication")],
    )


class _Told:
    """The parts of one plan, picked by what they are."""

    def __init__(self, whole: WholePlan) -> None:
        self._whole = whole

    def referred(self, path: str) -> Iterator[Resource]:
        """Give what the plan refers to there, in the plan's order."""
        for key in references_at(self._whole.plan.resource, path):
            if key in self._whole.parts:
                yield self._whole.parts[key].resource

    def tasks(self, code: Code, *, also_lapsed: bool = False) -> Iterator[Resource]:
        """Give its Tasks of one code that somebody is to do, or has done."""
        for task in self.referred("activity.reference"):
            if has_code(task.get("code"), code) and (also_lapsed or task.get("status") not in NOT_ANY_MORE):
                yield task

    def of_type(self, kind: str) -> Iterator[Resource]:
        """Give its parts of one type, newest change first."""
        return (held.resource for held in self._whole.parts.values() if held.type == kind)
