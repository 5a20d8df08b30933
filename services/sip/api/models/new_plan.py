"""What is sent to draft a plan and to change it."""

from typing import Literal, Self

from pydantic import Field, model_validator

from services.sip.api.models.words import Asked, Day, HsaId, Id, Line, Text, YesOrNo
from services.sip.domain.building.draft import Answer, Deed, OthersDeed, PlanWish
from services.sip.domain.building.follow_up import FollowUpWish
from services.sip.domain.building.plan import Frame
from services.sip.use_cases.draft_plan import Joins
from services.sip.use_cases.find_places import Named

Ground = Literal["child-necessary-care", "unable-to-consent"]


class WhatMatters(Asked):
    """The person's own words, or that the person was asked and did not want to say."""

    text: Text | None = Field(None, examples=["Att kunna bo kvar hemma med min katt."])
    declined: YesOrNo = False

    @model_validator(mode="after")
    def _one_answer(self) -> Self:
        if (self.text is not None) == self.declined:
            raise ValueError("give either text, or declined: true")
        return self

    def answer(self) -> Answer:
        """Give it as the use case takes it."""
        return Answer(self.text)


class NewGoal(Asked):
    """A goal, as the person expressed it."""

    text: Text = Field(examples=["Jag vill kunna gå till affären själv igen."])


class NewIntervention(Asked):
    """An intervention, and the unit that answers for it; its huvudman follows from the directory."""

    text: Text = Field(examples=["Såromläggning två gånger i veckan"])
    responsible_unit: HsaId
    due: Day | None = None

    def deed(self) -> Deed:
        """Give it as the use case takes it."""
        return Deed(self.text, self.responsible_unit, self.due)


class ActionByOther(Asked):
    """What somebody else than region and municipality does."""

    text: Text = Field(examples=["Handlar på lördagar"])
    who: Line = Field(examples=["Dottern"])

    def deed(self) -> OthersDeed:
        """Give it as the use case takes it."""
        return OthersDeed(self.text, self.who)


class NewActionByOther(Asked):
    """What somebody else does and who, or that it was asked and there is nothing."""

    text: Text | None = Field(None, examples=["Handlar på lördagar"])
    who: Line | None = Field(None, examples=["Dottern"])
    nothing: YesOrNo = False

    @model_validator(mode="after")
    def _something_or_nothing(self) -> Self:
        if self.nothing != (self.text is None) or self.nothing != (self.who is None):
            raise ValueError("give either text and who, or nothing: true")
        return self

    def deed(self) -> OthersDeed | None:
        """Give it as the use case takes it."""
        return OthersDeed(self.text, self.who) if self.text and self.who else None


class NewMember(Asked):
    """A unit that takes part, or somebody of its staff; who takes part may see the plan, consent given."""

    unit: HsaId
    employee: HsaId | None = Field(None, description="Left out: the unit as such")
    role: Line | None = Field(None, examples=["distriktsläkare"])

    def joins(self, where: str = "") -> Joins:
        """Give it as the use case takes it; `where` points to it in the request."""
        return Joins(Named(f"{where}/unit", self.unit, self.employee), self.role)


class LawfulGround(Asked):
    """The ground for a plan without consent, and why it holds here."""

    code: Ground
    text: Text


class Period(Asked):
    """From the first day to the last."""

    from_day: Day | None = Field(None, alias="from")
    until: Day | None = None


class NewPlan(Asked):
    """A plan to draft: everything at once, or a title now and the rest later."""

    kind: Literal["sip", "discharge", "lss"] = "sip"
    title: Line = Field(examples=["Hemgång efter höftfraktur"])
    need_ids: list[Id] = Field([], max_length=50)
    what_matters: WhatMatters | None = None
    goals: list[NewGoal] = Field([], max_length=50)
    interventions: list[NewIntervention] = Field([], max_length=100)
    actions_by_others: list[ActionByOther] = Field([], max_length=50)
    nothing_by_others: YesOrNo = Field(False, description="It was asked, and others do nothing")
    follow_up_on: Day | None = None
    team: list[NewMember] = Field([], max_length=50)
    responsible_unit: HsaId | None = Field(
        None, description="The unit that answers over all; left out: you, at your unit"
    )
    lawful_ground: LawfulGround | None = Field(None, description="Only for a plan without consent")
    period: Period = Period()

    @model_validator(mode="after")
    def _others_once(self) -> Self:
        if self.nothing_by_others and self.actions_by_others:
            raise ValueError("actions_by_others are given, so nothing_by_others cannot be true")
        return self

    def wish(self) -> PlanWish:
        """Give it as the use case takes it."""
        ground = (self.lawful_ground.code, self.lawful_ground.text) if self.lawful_ground else None
        period = self.period
        return PlanWish(
            Frame(self.kind, self.title, tuple(self.need_ids), period.from_day, period.until, ground),
            self.what_matters.answer() if self.what_matters else None,
            tuple(one.text for one in self.goals),
            tuple(one.deed() for one in self.interventions),
            tuple(one.deed() for one in self.actions_by_others),
            self.nothing_by_others,
            self.follow_up_on,
            self.responsible_unit,
        )

    def joining(self) -> list[Joins]:
        """Give the team as the use case takes it."""
        return [one.joins(f"/team/{place}") for place, one in enumerate(self.team)]


class FollowUpDate(Asked):
    """When the plan is followed up."""

    date: Day


class Ending(Asked):
    """Why the plan ends, and whether it was carried through or broken off."""

    outcome: Literal["completed", "revoked"]
    reason: Literal[
        "goals-reached", "consent-withdrawn", "persons-wish", "moved", "deceased", "replaced", "other"
    ]


class GoalJudged(Asked):
    """Whether a goal was reached."""

    id: Id
    reached: YesOrNo


class NewFollowUp(Asked):
    """What was said when the plan was followed up."""

    date: Day
    text: Text = Field(examples=["Såret har läkt. Tolvan går till affären med rollator."])
    goals: list[GoalJudged] = Field([], max_length=50)
    next_follow_up_on: Day | None = None

    def wish(self) -> FollowUpWish:
        """Give it as the use case takes it."""
        goals = tuple((one.id, one.reached) for one in self.goals)
        return FollowUpWish(self.date, self.text, goals, self.next_follow_up_on)
