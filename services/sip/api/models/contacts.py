"""Fixed contacts."""

from typing import Literal

from pydantic import Field

from services.sip.api.models.contact_words import (
    Kind,
    NewHandover,
    NewWays,
    Reason,
    ShownHandover,
    ShownWay,
    Step,
)
from services.sip.api.models.people import Staff, Unit
from services.sip.api.models.words import Asked, HsaId, Id, Moment, Shown, YesOrNo
from services.sip.domain.building.contact import ContactWish, StandInWish
from services.sip.domain.building.scribe import precisely


class NewContact(NewWays):
    """A contact to appoint, or to offer; of a kind that there is one of, the earlier one ends the same moment."""

    kind: Kind
    employee: HsaId
    unit: HsaId
    reason: Reason = Field(description="Why it changes; first: there was none before")
    from_moment: Moment | None = Field(None, alias="from", description="Left out: now")
    special_reasons: YesOrNo = Field(
        False, description="The region allows a third change of unit within the year (HSL 7 kap. 3 b §)"
    )
    follows: Id | None = Field(
        None, description="The contact it follows, where there may be several of the kind"
    )
    gap_reason: Reason | None = Field(
        None, description="Why nobody was contact between the one before and this"
    )
    handover: NewHandover | None = None

    def wish(self) -> ContactWish:
        """Give it as the use case takes it."""
        return ContactWish(
            self.kind,
            self.employee,
            self.unit,
            self.reason,
            precisely(self.from_moment) if self.from_moment else None,
            self.special_reasons,
            f"CareTeam/{self.follows}" if self.follows else None,
            self.gap_reason,
            self.points(),
            self.handover.handover() if self.handover else None,
        )


class OfferAnswer(Asked):
    """What the person answered to an offer; who accepts has the contact from a day, now unless told otherwise."""

    answer: Literal["accepted", "declined", "wanted-another"]
    reason: Reason | None = Field(None, description="Owed for declined and wanted-another")
    at: Moment | None = Field(None, description="Left out: now")
    from_moment: Moment | None = Field(
        None,
        alias="from",
        description="When an accepted contact begins; in the future it stays proposed till then",
    )


class Appointment(Asked):
    """When what was offered, or accepted, begins."""

    from_moment: Moment | None = Field(None, alias="from", description="Left out: now")


class NewStandIn(NewWays):
    """Who stands in, and until when."""

    employee: HsaId
    unit: HsaId
    reason: Reason = Field(examples=["staff-absent"])
    from_moment: Moment | None = Field(None, alias="from", description="Left out: now")
    until: Moment

    def wish(self) -> StandInWish:
        """Give it as the use case takes it."""
        start = precisely(self.from_moment) if self.from_moment else None
        return StandInWish(self.employee, self.unit, self.reason, precisely(self.until), start, self.points())


class ContactEnding(Asked):
    """When and why a contact ended."""

    until: Moment | None = Field(None, description="Left out: now")
    reason: Reason = Field(description="not-needed, persons-wish-none and deceased say that nobody follows")


class Contact(Shown):
    """A fixed contact."""

    id: str
    person_id: str | None
    kind: str | None
    kind_text: str | None = Field(examples=["Fast läkarkontakt i primärvård"])
    holder: Staff | None
    status: str
    state: str = Field(examples=["appointed"], description="offered, accepted, declined, wanted-another, appointed, "
                       "stand-in, ended")  # fmt: skip
    from_: str | None = Field(alias="from")
    until: str | None
    reason: str | None
    end_reason: str | None
    follows: str | None = Field(description="The contact it followed")
    stands_in_for: str | None
    gap_reason: str | None
    ways: list[ShownWay]
    via: Unit | None = Field(description="The unit by which the holder is reached")
    handover: ShownHandover | None
    steps: list[Step]


class Contacts(Shown):
    """The fixed contacts on a day, newest change first."""

    on: str
    contacts: list[Contact]


class ContactsOfUnit(Contacts):
    """Who had whom at a unit on a day; `next` leads to the following page."""

    next: str | None


class Gap(Shown):
    """A time in which nobody held a role that somebody held before."""

    kind: str | None
    from_: str = Field(alias="from")
    until: str | None
    reason: str | None = Field(description="As stated; null: nobody has said why")


class ContactHistory(Shown):
    """Every contact there has been, offers included, oldest first; and the times without one."""

    contacts: list[Contact]
    gaps: list[Gap]
