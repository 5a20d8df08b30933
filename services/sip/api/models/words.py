"""The words models are made of: strict texts, days, moments, HSA-ids; and how models behave."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints


class Asked(BaseModel):
    """What is sent: nothing that is not understood is passed over."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Shown(BaseModel):
    """What is answered."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


def _text_alone(value: object) -> object:
    """Keep numbers from being read as seconds since 1970."""
    if isinstance(value, str):
        return value
    raise ValueError("write it as text, as in 2027-03-01")


def _day_alone(value: object) -> object:
    if isinstance(value, str) and len(value) != len("2027-03-01"):
        raise ValueError("write a date without time, as in 2027-03-01")
    return _text_alone(value)


def _with_zone(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("say in which time zone, as in 2027-03-01T13:00:00+01:00")
    return value


PRINTED = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""No control characters but tab and line ends: FHIR's strings have none either."""

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=8000, pattern=PRINTED)
]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=PRINTED)]
HsaId = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{2}[0-9A-Za-z\-]{1,62}$"),
    Field(examples=["SE2321000016-1E01"]),
]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9\-.]{1,64}$")]
Day = Annotated[date, BeforeValidator(_day_alone), Field(examples=["2027-03-01"])]
Moment = Annotated[
    datetime,
    BeforeValidator(_text_alone),
    AfterValidator(_with_zone),
    Field(examples=["2027-03-01T13:00:00+01:00"]),
]
YesOrNo = Annotated[bool, Strict()]
