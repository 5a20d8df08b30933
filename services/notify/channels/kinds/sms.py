"""The channel sms: tells a unit's telephone that something is new, through any gateway that takes JSON over HTTP.

What the gateway calls the number, the text, the sender and the id is set in `fields`; what it wants besides in `body`.
"""

import asyncio
import ssl
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from re import ASCII
from re import compile as pattern
from typing import Final

import orjson
from pydantic import BaseModel, ConfigDict, Field

from services.notify.channels.connection import ConnectionBroken
from services.notify.channels.connections import AddressRefused, Connections
from services.notify.channels.parts import Options, Parts, WaysOfUnit
from services.notify.domain.delivery import Delivery, Letter, Outcome, Result
from services.notify.domain.endpoints import read_endpoint, rule_from
from services.notify.domain.subscription import Subscription
from services.notify.domain.ways import hold

NAME: Final = "sms"
MOST: Final = 50
NUMBER: Final = pattern(r"\+[1-9][0-9]{6,14}", ASCII)
TEXT: Final = "Det finns nytt i er enhets inkorg i Samplan: {link}"
LATER: Final = frozenset({408, 425, 429})


class SmsOptions(BaseModel):
    """The gateway, what it wants in the header Authorization, our sender name, and the link that staff follow."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    authorization: str | None = None
    sender: str = "Samplan"
    link: str
    fields: Mapping[str, str] = Field(
        default_factory=lambda: {"to": "to", "text": "text", "sender": "from", "id": "id"}
    )
    body: Mapping[str, str | int | bool] = Field(default_factory=dict)
    plain_http: bool = False
    """Only towards a gateway on the same machine."""


def read_address(text: str, _options: Options) -> str:
    """Give a telephone number, or raise ValueError with what is wrong."""
    number = "".join(text.split()).replace("-", "")
    if not NUMBER.fullmatch(number):
        raise ValueError("A telephone number is written with its country: +46701740605.")
    return number


def channel(parts: Parts) -> "Sms":
    """Make the channel."""
    return Sms(SmsOptions(**parts.options), parts.ways, parts.trust, parts.seconds)


class Sms:
    """Implements Channel."""

    def __init__(self, options: SmsOptions, ways: WaysOfUnit, trust: ssl.SSLContext, seconds: float) -> None:
        """Take the operator's options, what units have set, which certificates count, how long an attempt may take."""
        anywhere = rule_from("*", ("0.0.0.0/0", "::/0"), (), plain_http=options.plain_http)
        self._endpoint = read_endpoint(options.url, [anywhere])
        self._options, self._ways, self._seconds = options, ways, seconds
        self._connections = Connections(trust)

    def most(self, _held: Subscription | None) -> int:
        """One message for all that waits."""
        return MOST

    async def pause(self, delivery: Delivery, now: datetime) -> float | None:
        """Wait while more is gathered, and until quiet hours are over."""
        return hold(await self._ways.of_unit(delivery.owner.unit), NAME, delivery.arrived, now)

    async def send(self, letters: Sequence[Letter], _held: Subscription | None, _now: datetime) -> Outcome:
        """Send one message; the id is the same at every attempt."""
        first = letters[0].delivery
        ways = await self._ways.of_unit(first.owner.unit)
        if NAME not in ways.ways:
            return Outcome(Result.REJECTED)
        started = time.perf_counter()
        result, status = await self._posted(ways.ways[NAME].address, first.webhook_id)
        return Outcome(result, status, seconds=time.perf_counter() - started)

    async def close(self) -> None:
        """Close the connections."""
        await self._connections.close()

    async def _posted(self, number: str, identity: str) -> tuple[Result, int | None]:
        options = self._options
        told = {
            "to": number,
            "text": TEXT.format(link=options.link),
            "sender": options.sender,
            "id": identity,
        }
        body = {
            **options.body,
            **{options.fields[name]: told[name] for name in told if name in options.fields},
        }
        headers = {"Content-Type": "application/json", "Idempotency-Key": identity}
        if options.authorization:
            headers["Authorization"] = options.authorization
        try:
            async with asyncio.timeout(self._seconds):
                answer = await self._connections.post(self._endpoint, headers.items(), orjson.dumps(body))
        except TimeoutError:
            return Result.TIMEOUT, None
        except (AddressRefused, ConnectionBroken, OSError):
            return Result.UNREACHABLE, None
        return _result_of(answer.status), answer.status


def _result_of(status: int) -> Result:
    if 200 <= status < 300:
        return Result.OK
    return Result.REJECTED if 400 <= status < 500 and status not in LATER | {401, 403} else Result.REFUSED
