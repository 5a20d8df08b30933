"""Models of list load: what is asked of the simulator, and what it answers."""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import Field, Strict, model_validator

from services.sip.api.models.words import Asked, HsaId, Shown

FullTime = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=2, examples=["2.5"])]
Change = Annotated[Decimal, Field(ge=-1000, le=1000, decimal_places=2, examples=["-2"])]
Residents = Annotated[int, Strict(), Field(ge=0, le=10_000_000)]


class DoctorsStated(Asked):
    """Full-time equivalents, as numbers: 0.8 is four days of five."""

    specialists: FullTime = Decimal(0)
    st_doctors: FullTime = Decimal(0)


class ChangeStated(Asked):
    """What changes: full-time equivalents that come (or, negative, leave), and residents who list themselves."""

    specialists: Change = Decimal(0)
    st_doctors: Change = Decimal(0)
    listed: Annotated[int, Strict(), Field(ge=-10_000_000, le=10_000_000)] = 0


class SimulationAsked(Asked):
    """Which list: a unit's, by the newest figures, or one stated with its doctors; and what changes."""

    unit: HsaId | None = None
    listed: Residents | None = None
    doctors: DoctorsStated | None = None
    change: ChangeStated

    @model_validator(mode="after")
    def _one_list(self) -> Self:
        stated = self.listed is not None and self.doctors is not None
        if (self.unit is None) != stated or (self.unit is not None and (self.listed or self.doctors)):
            raise ValueError("give either unit, or both listed and doctors")
        return self


class ListShown(Shown):
    """A list against Socialstyrelsen's guideline value, which is neither floor nor ceiling."""

    listed: int
    specialists: float
    st_doctors: float
    capacity: float = Field(
        description="Residents the doctors answer for: 1,100 a specialist, 550 an ST doctor"
    )
    load: float | None = Field(
        description="Listed residents by capacity; null where nobody is left to list with"
    )
    over: float = Field(description="Residents above the guideline value; negative is room")
    specialists_lacking: float = Field(description="Full-time specialists needed to meet it, in tenths")


class SimulationShown(Shown):
    """The list now, and after the change."""

    now: ListShown
    after: ListShown
