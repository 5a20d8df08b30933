"""Persons, units and staff."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from services.sip.api.models.words import Asked, Line, Shown, Text

Gender = Literal["female", "male", "other", "unknown"]
PersonalNumber = Annotated[
    str,
    StringConstraints(min_length=10, max_length=13),
    Field(
        description="Personnummer or samordningsnummer, ten or twelve digits, with or without - or +",
        examples=["20170101-2393"],
    ),
]


class PersonSought(Asked):
    """Whom to find. The number goes in the body, never in an address that logs would keep."""

    personal_number: PersonalNumber


class NewPerson(PersonSought):
    """A person to register; one who is registered already is found, and stays as registered."""

    given_name: Line = Field(examples=["Tolvan"])
    family_name: Line = Field(examples=["Tolvansson"])
    gender: Gender | None = None
    municipality_code: Annotated[str, StringConstraints(pattern=r"^\d{4}$")] | None = Field(
        None, description="Four digits, county first", examples=["2180"]
    )


class Person(Shown):
    """A person."""

    id: str
    personal_number: str | None = Field(description="Twelve digits")
    name: str
    birth_date: str | None
    gender: str | None
    municipality_code: str | None


class Principal(Shown):
    """The huvudman that answers for a unit."""

    kind: Literal["region", "municipality"]
    name: str
    hsa_id: str | None


class Unit(Shown):
    """A unit, and the region or municipality that answers for it."""

    hsa_id: str | None
    name: str
    principal: Principal | None


class Staff(Shown):
    """Somebody at a unit; without `employee` the unit as such."""

    employee: str | None = Field(description="HSA-id")
    name: str | None
    unit: Unit | None


class NewNeed(Asked):
    """A need, in plain words."""

    text: Text = Field(examples=["Behöver hjälp med läkemedel och såromläggning efter sjukhusvistelsen."])


class Need(Shown):
    """A need that somebody noted."""

    id: str
    text: str
    noted_on: str | None
    noted_by: Staff | None


class Needs(Shown):
    """The needs noted, newest change first."""

    needs: list[Need]


class AccessRow(Shown):
    """One access to a person's record."""

    at: str
    action: str = Field(examples=["läste"])
    allowed: bool
    ground: str = Field(description="On what ground it was allowed, or why it was refused")
    unit: Unit | None
    giver: Unit | None = Field(description="Region, municipality or company")
    employee: str | None = Field(description="HSA-id; told to the privacy officer alone")
    about: list[str] = Field(description="Kinds of information")
    text: str = Field(examples=["2026-11-22 kl. 14.05 läste Bjälla vårdcentral din plan."])


class AccessRows(Shown):
    """Accesses, newest first; `next` leads to the following page."""

    accesses: list[AccessRow]
    next: str | None
