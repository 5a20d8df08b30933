"""Bulk handovers: somebody leaves, and others take over."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.sip.api.models.contact_words import NewHandover, Reason
from services.sip.api.models.words import Asked, HsaId, Id, Moment, Shown
from services.sip.domain.building.ways import Handover
from services.sip.domain.care.contact.sharing_out import Successor
from services.sip.use_cases.start_handover import HandoverWish


class Takes(Asked):
    """Somebody who takes over: the persons named, and a share of the rest."""

    employee: HsaId
    unit: HsaId
    share: int = Field(1, ge=0, le=1000, description="Of those whom nobody is named for; 0: none of them")
    persons: list[Id] = Field(default_factory=list, max_length=5000)

    def successor(self) -> Successor:
        """Give it as the domain has it."""
        return Successor(self.employee, self.unit, self.share, frozenset(self.persons))


class NewHandoverJob(Asked):
    """Who leaves, who takes over, from when and why."""

    from_employee: HsaId
    from_unit: HsaId
    to: list[Takes] = Field(min_length=1, max_length=100)
    reason: Reason = Field(examples=["staff-left"])
    from_moment: Moment | None = Field(None, alias="from", description="Left out: now; never in the future")
    handover: NewHandover | None = Field(None, description="What is noted with each change")

    def wish(self) -> HandoverWish:
        """Give it as the use case takes it."""
        return HandoverWish(
            self.from_employee,
            self.from_unit,
            [one.successor() for one in self.to],
            self.reason,
            self.from_moment,
            self.handover.handover() if self.handover else Handover(),
        )


class RefusedMove(Shown):
    """A person whose contact stayed as it was, and why."""

    contact_id: str
    person_id: str
    rule: str
    text: str


class HandoverShown(Shown):
    """How far a handover has come."""

    id: str
    state: Literal["running", "done"]
    asked_at: datetime
    ended_at: datetime | None
    reason: str
    from_: str = Field(alias="from")
    total: int
    moved: int
    refused: int
    waiting: int
    refusals: list[RefusedMove] = Field(description="The first thousand")
