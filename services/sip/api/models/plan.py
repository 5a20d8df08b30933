"""A plan as it is told."""

from pydantic import Field

from services.sip.api.models.people import Need, Person, Staff, Unit
from services.sip.api.models.sharing import Call, Consent
from services.sip.api.models.words import Shown


class Answered(Shown):
    """What matters to the person, in own words; declined when the person did not want to say."""

    text: str | None
    declined: bool


class Goal(Shown):
    """A goal."""

    id: str
    text: str
    status: str
    reached: bool | None = Field(description="As judged at a follow-up; null before")


class Intervention(Shown):
    """An intervention, and who answers for it."""

    id: str
    text: str
    status: str
    due: str | None
    responsible: Unit | None


class OthersAction(Shown):
    """What somebody else does."""

    id: str
    text: str
    who: str | None


class FollowedUp(Shown):
    """A follow-up that was held."""

    id: str
    on: str | None
    text: str


class FollowUps(Shown):
    """When the plan is followed up next, and how it went."""

    next_on: str | None
    overdue: bool
    held: list[FollowedUp]


class Member(Shown):
    """Somebody who takes part, from when, until when."""

    name: str | None
    role: str | None
    employee: str | None
    unit: Unit | None
    from_: str | None = Field(alias="from")
    until: str | None


class Links(Shown):
    """Where the same plan is found."""

    api: str
    fhir: str


class PlanSummary(Shown):
    """A plan in a list."""

    id: str
    version: int
    kind: str = Field(description="sip, discharge, lss, or other", examples=["sip"])
    title: str | None
    status: str = Field(examples=["draft"])
    status_text: str = Field(examples=["utkast"])
    person_id: str | None
    created: str | None
    from_: str | None = Field(alias="from")
    until: str | None
    links: Links


class Plans(Shown):
    """Plans, newest change first; `next` leads to the following page."""

    plans: list[PlanSummary]
    next: str | None


class Plan(PlanSummary):
    """A plan with everything in it that the caller may see."""

    person: Person | None
    responsible: Staff | None = Field(description="Who answers over all")
    lawful_ground: str | None = Field(description="Why there is a plan without consent")
    end_reason: str | None
    needs: list[Need]
    what_matters: Answered | None = Field(description="null: not asked yet")
    goals: list[Goal]
    interventions: list[Intervention]
    actions_by_others: list[OthersAction]
    nothing_by_others: bool
    follow_up: FollowUps
    team: list[Member]
    consents: list[Consent]
    calls: list[Call]
