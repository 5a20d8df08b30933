"""Problem details (RFC 9457) as they are described in OpenAPI."""

from pydantic import Field

from services.sip.api.models.words import Shown


class Broken(Shown):
    """One thing that is wrong or missing."""

    rule: str = Field(description="Stable code to match on", examples=["plan-follow-up-date"])
    text: str = Field(description="What is wrong and what to do", examples=["Datum för uppföljning saknas."])
    where: str | None = Field(
        None, description="JSON pointer into the request, or where it belongs", examples=["/follow_up_on"]
    )
    basis: str | None = Field(
        None,
        description="The paragraph it rests on, or the agreed practice",
        examples=["HSL 16 kap. 4 §; SoL 10 kap. 8 §"],
    )
    about: str | None = Field(None, description="What in the record it is about", examples=["Task/7f"])
    do: str | None = Field(None, description="The call that mends it")


class ProblemDetail(Shown):
    """What was wrong, where, and what to do."""

    type: str = Field(examples=["about:blank"])
    title: str = Field(examples=["A rule of care or law would be broken"])
    status: int = Field(examples=[422])
    detail: str
    rule: str | None = Field(None, description="Of the first violation")
    where: str | None = None
    basis: str | None = None
    violations: list[Broken] | None = Field(None, description="Everything that is wrong, each once")
    missing: list[Broken] | None = Field(None, description="On activation: everything the plan still lacks")
