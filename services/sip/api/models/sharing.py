"""Consent to share, and the call to plan together."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from services.sip.api.models.people import Staff, Unit
from services.sip.api.models.words import Asked, Day, HsaId, Id, Moment, Shown, Text, YesOrNo

Law = Literal["hsl-16-4", "sol-10-8", "lss-10", "osl-10-1"]
Units = Annotated[list[HsaId], Field(min_length=1, max_length=50)]


class NewConsent(Asked):
    """The person's consent: to whom, until when, given how. Name units, or say all parties of the plan."""

    units: Units | None = Field(
        None, description="HSA-ids beside your own; a whole region or municipality covers its units"
    )
    all_parties: YesOrNo = Field(False, description="Every party of the plan, whoever that will be")
    until: Day = Field(description="The last day it holds")
    form: Literal["oral", "written"]
    from_day: Day | None = Field(None, alias="from", description="The first day; left out: from now")
    laws: Annotated[list[Law], Field(min_length=1)] = Field(
        ["hsl-16-4", "sol-10-8"],
        description="What it rests on; osl-10-1 adds a waiver of secrecy (social services outside lag 2022:913)",
    )
    plan_id: Id | None = Field(None, description="Only this plan; left out: plans in general")
    relative_id: Id | None = Field(None, description="RelatedPerson who consents too, as a child's guardian")

    @model_validator(mode="after")
    def _for_somebody(self) -> Self:
        if bool(self.units) == self.all_parties:
            raise ValueError("give either units, or all_parties: true")
        return self


class Consent(Shown):
    """A consent as it stands."""

    id: str
    status: str
    in_force: bool
    form: str | None
    given_on: str | None
    from_: str | None = Field(alias="from")
    until: str | None
    all_parties: bool
    units: list[Unit]
    laws: list[str]
    plan_id: str | None


class Consents(Shown):
    """The consents that the caller may see, newest change first."""

    consents: list[Consent]


class NewCall(Asked):
    """A call (kallelse) to other units to plan together, with what there is to plan."""

    units: Units
    question: Text = Field(
        description="The frågeställning", examples=["Vem gör vad när Tolvan kommer hem från sjukhuset?"]
    )
    need_ids: list[Id] = Field([], max_length=50, description="Needs it is about, before there is a plan")
    meeting_at: Moment | None = Field(None, description="A proposed meeting, of an hour")


class Call(Shown):
    """A call that was sent."""

    id: str
    sent: str | None
    sent_by: Staff | None
    units: list[Unit]
    question: str
    plan_id: str | None
