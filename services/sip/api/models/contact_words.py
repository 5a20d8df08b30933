"""The coded words of the register of contacts: kinds and reasons, as contracts/fhir holds them."""

from collections.abc import Callable, Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from services.sip.api.models.words import Asked, HsaId, Line, Moment, Shown, Text
from services.sip.domain.building.scribe import precisely
from services.sip.domain.building.ways import Handover, Hours, Point, Ways
from services.sip.domain.care.contact.codes import DAYS, PASSED_ON_CODES
from services.sip.domain.care.contact.kinds import kinds
from services.sip.domain.codes import CONTACT_CHANGE_REASONS


def _one_of(codes: Iterable[str]) -> Callable[[str], str]:
    listed = tuple(codes)

    def checked(value: str) -> str:
        if value not in listed:
            raise ValueError(f"give one of {', '.join(listed)}")
        return value

    return checked


def _enum(codes: Iterable[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(codes)})


_SLUGS = [one.slug for one in kinds().values()]
Kind = Annotated[str, AfterValidator(_one_of(_SLUGS)), _enum(_SLUGS)]
Reason = Annotated[str, AfterValidator(_one_of(CONTACT_CHANGE_REASONS)), _enum(CONTACT_CHANGE_REASONS)]
PassedOn = Annotated[str, AfterValidator(_one_of(PASSED_ON_CODES)), _enum(PASSED_ON_CODES)]
WeekDay = Annotated[str, AfterValidator(_one_of(DAYS)), _enum(DAYS)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$"), Field(examples=["08:00"])]


class OpenHours(Asked):
    """Days, and from when until when."""

    days: list[WeekDay] = Field(min_length=1, max_length=7)
    start: Clock = Field(alias="from")
    end: Clock = Field(alias="until")


class Way(Asked):
    """One way to reach somebody, and when it is answered."""

    system: Literal["phone", "email", "url", "sms"]
    value: Line
    hours: list[OpenHours] = Field(default_factory=list, max_length=14)

    def point(self) -> Point:
        """Give it as the domain has it."""
        hours = [Hours(one.days, f"{one.start}:00", f"{one.end}:00") for one in self.hours]
        return Point(self.system, self.value, hours)


class NewWays(Asked):
    """The ways to reach a contact, and the unit to ask instead."""

    ways: list[Way] = Field(default_factory=list, max_length=20)
    via_unit: HsaId | None = Field(None, description="The unit by which the holder is reached")

    def points(self) -> Ways:
        """Give the ways; the team is looked up in the directory."""
        return Ways(tuple(one.point() for one in self.ways))


class NewHandover(Asked):
    """Who told the person and when, and what was passed on."""

    told_at: Moment | None = None
    passed_on: list[PassedOn] = Field(default_factory=list, max_length=20)
    text: Text | None = None

    def handover(self) -> Handover:
        """Give it as the domain has it; who told is the caller."""
        told_at = precisely(self.told_at) if self.told_at else None
        return Handover(told_at, None, self.passed_on, self.text)


class ShownHours(Shown):
    """Days, and from when until when."""

    days: list[str]
    start: str = Field(alias="from")
    end: str = Field(alias="until")


class ShownWay(Shown):
    """One way to reach somebody."""

    system: str | None
    value: str | None
    hours: list[ShownHours]


class ShownHandover(Shown):
    """What was handed over."""

    told_at: str | None
    passed_on: list[str]
    text: str | None


class Step(Shown):
    """One step: what, when, why."""

    state: str = Field(examples=["appointed"])
    at: str
    reason: str | None
