"""How a unit hears that something is new besides its inbox: its own addresses, digest and quiet hours."""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request

from services.chassis.principal import Principal
from services.notify.api.asking import caller_who_may, unit_of
from services.notify.domain.errors import ParameterRefused
from services.notify.domain.ways import QuietHours, Way, Ways

router = APIRouter(prefix="/api/v1/contact-ways", tags=["contact ways"])

Group = Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]
Clock = Annotated[time, Field(examples=["21:00"], description="Swedish time.")]


class QuietShown(BaseModel):
    """When nothing is sent; from evening to morning the hours pass midnight."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    start: Clock = Field(alias="from")
    end: Clock = Field(alias="to")


class WayShown(BaseModel):
    """One way: where to, how long to gather what is new, and which groups of events (all when left out)."""

    model_config = ConfigDict(extra="forbid")

    channel: str = Field(max_length=40, examples=["email"])
    address: str = Field(max_length=254, examples=["inkorg@kommun.se"])
    digest_minutes: int = Field(default=0, ge=0, le=1440)
    groups: list[Group] | None = Field(default=None, max_length=50, examples=[["plan", "discharge"]])


class WaysShown(BaseModel):
    """What the unit has set."""

    model_config = ConfigDict(extra="forbid")

    ways: list[WayShown] = Field(max_length=20)
    quiet_hours: QuietShown | None = None


@router.get("", summary="Read how the caller's unit hears of news")
async def get_ways(request: Request) -> WaysShown:
    """Give what the unit has set, its own alone."""
    caller = await caller_who_may(request, "Subscription", "r")
    return _shown(await request.app.state.ways.of_unit(unit_of(caller)))


@router.put("", summary="Set how the caller's unit hears of news")
async def put_ways(request: Request, asked: WaysShown) -> WaysShown:
    """Set it for the caller's own unit, in place of what was set; an empty list ends it."""
    caller: Principal = await caller_who_may(request, "Subscription", "u")
    unit = unit_of(caller)
    ways = [_read(number, one, request.app.state.offered) for number, one in enumerate(asked.ways)]
    if len({way.channel for way in ways}) < len(ways):
        raise ParameterRefused("ways", "ways: each channel can be named once; use a shared address.")
    quiet = asked.quiet_hours
    if quiet and (quiet.start == quiet.end or quiet.start.tzinfo or quiet.end.tzinfo):
        raise ParameterRefused(
            "quiet_hours",
            "quiet_hours: from and to are two different times in Sweden, such as 21:00 and 07:00.",
        )
    hours = QuietHours(quiet.start, quiet.end) if quiet else None
    held = Ways(unit, {way.channel: way for way in ways}, hours)
    state = request.app.state
    await state.ways.put(held, caller.employee or caller.client_id, state.clock())
    return _shown(held)


def _read(number: int, asked: WayShown, offered: Mapping[str, Any]) -> Way:
    where = f"ways[{number}]"
    if asked.channel not in offered:
        known = ", ".join(sorted(offered)) or "none: the operator has set up none"
        raise ParameterRefused(where, f"{where}.channel: this service sends by {known}.")
    module, options = offered[asked.channel]
    try:
        address = module.read_address(asked.address, options)
    except ValueError as wrong:
        raise ParameterRefused(where, f"{where}.address: {wrong}") from None
    groups = None if asked.groups is None else frozenset(asked.groups)
    return Way(asked.channel, address, timedelta(minutes=asked.digest_minutes), groups)


def _shown(ways: Ways) -> WaysShown:
    quiet = ways.quiet
    return WaysShown(
        ways=[
            WayShown(
                channel=one.channel,
                address=one.address,
                digest_minutes=int(one.digest.total_seconds() // 60),
                groups=None if one.groups is None else sorted(one.groups),
            )
            for one in ways.ways.values()
        ],
        quiet_hours=QuietShown(start=quiet.start, end=quiet.end) if quiet else None,
    )
