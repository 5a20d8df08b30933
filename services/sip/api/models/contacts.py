"""Fixed contacts."""

from typing import Literal

from pydantic import Field

from services.sip.api.models.people import Staff
from services.sip.api.models.words import Asked, HsaId, Moment, Shown
from services.sip.domain.building.contact import ContactWish
from services.sip.domain.building.scribe import precisely

Kind = Literal["fast-vardkontakt", "fast-lakarkontakt", "fast-omsorgskontakt", "fast-vardkontakt-samordnande"]
Reason = Literal["first", "persons-wish", "staff-left", "unit-change", "moved", "needs-changed", "other"]


class NewContact(Asked):
    """A fixed contact to appoint; one of a kind that there is one of ends the same moment."""

    kind: Kind
    employee: HsaId
    unit: HsaId
    reason: Reason = Field(description="Why it changes; first: there was none before")
    from_moment: Moment | None = Field(None, alias="from", description="Left out: now")

    def wish(self) -> ContactWish:
        """Give it as the use case takes it."""
        start = precisely(self.from_moment) if self.from_moment else None
        return ContactWish(self.kind, self.employee, self.unit, self.reason, start)


class ContactEnding(Asked):
    """When a contact ended that nobody follows."""

    until: Moment | None = Field(None, description="Left out: now")


class Contact(Shown):
    """A fixed contact."""

    id: str
    kind: str | None
    kind_text: str | None = Field(examples=["Fast läkarkontakt i primärvård"])
    holder: Staff | None
    status: str
    from_: str | None = Field(alias="from")
    until: str | None
    reason: str | None


class Contacts(Shown):
    """The fixed contacts on a day, newest change first."""

    on: str
    contacts: list[Contact]
