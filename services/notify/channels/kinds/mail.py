"""The channel email: tells a unit's mailbox that something is new, and nothing else: no name, no id, one link.

TLS is required, whatever the server says. The Message-ID stays the same at every attempt, so that a mailbox shows a
message once that was sent twice. A 4xx is tried again; what is answered with a 5xx is set aside.
"""

import ssl
import time
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from re import ASCII
from re import compile as pattern
from typing import Final, Literal

import aiosmtplib
from pydantic import BaseModel, ConfigDict

from services.notify.channels.parts import Options, Parts, WaysOfUnit
from services.notify.domain.delivery import Delivery, Letter, Outcome, Result
from services.notify.domain.subscription import Subscription
from services.notify.domain.ways import hold

NAME: Final = "email"
MOST: Final = 50
ADDRESS: Final = pattern(
    r"[A-Za-z0-9._%+-]{1,64}@(?P<domain>(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,63})", ASCII
)
SUBJECT: Final = "Samplan: nytt i er inkorg"
TEXT: Final = """Hej,

det finns nytt i er enhets inkorg i Samplan. Logga in för att läsa:

{link}

Det här meddelandet skickas automatiskt och innehåller inga personuppgifter. Enheten ställer själv in
vart det skickas och när.
"""


class MailOptions(BaseModel):
    """The operator's mail server, our address there, the link that staff follow."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str
    port: int = 587
    security: Literal["starttls", "tls"] = "starttls"
    username: str | None = None
    password: str | None = None
    sender: str
    link: str
    domains: tuple[str, ...] = ()
    """Only to addresses in these; anywhere when there are none."""


def read_address(text: str, options: Options) -> str:
    """Give an e-mail address, or raise ValueError with what is wrong."""
    read = ADDRESS.fullmatch(text)
    domains = MailOptions(**options).domains
    if read is None:
        raise ValueError("An e-mail address is written as inkorg@kommun.se.")
    if domains and read["domain"].lower() not in domains:
        raise ValueError(f"E-mail is sent to addresses at {', '.join(domains)} alone.")
    return text


def channel(parts: Parts) -> "Mail":
    """Make the channel."""
    return Mail(MailOptions(**parts.options), parts.ways, parts.trust, parts.seconds)


class Mail:
    """Implements Channel."""

    def __init__(self, options: MailOptions, ways: WaysOfUnit, trust: ssl.SSLContext, seconds: float) -> None:
        """Take the operator's options, what units have set, which certificates count, how long an attempt may take."""
        self._options, self._ways, self._trust, self._seconds = options, ways, trust, seconds

    def most(self, _held: Subscription | None) -> int:
        """One message for all that waits."""
        return MOST

    async def pause(self, delivery: Delivery, now: datetime) -> float | None:
        """Wait while more is gathered, and until quiet hours are over."""
        return hold(await self._ways.of_unit(delivery.owner.unit), NAME, delivery.arrived, now)

    async def send(self, letters: Sequence[Letter], _held: Subscription | None, now: datetime) -> Outcome:
        """Send one message."""
        first = letters[0].delivery
        ways = await self._ways.of_unit(first.owner.unit)
        if NAME not in ways.ways:
            return Outcome(Result.REJECTED)
        message = self._message(ways.ways[NAME].address, first.webhook_id, now)
        started = time.perf_counter()
        result, status = await self._sent(message)
        return Outcome(result, status, seconds=time.perf_counter() - started)

    async def close(self) -> None:
        """Nothing is held open."""

    def _message(self, address: str, identity: str, now: datetime) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._options.sender, address, SUBJECT
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{identity}@{self._options.sender.rpartition('@')[2].strip('>')}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(TEXT.format(link=self._options.link))
        return message

    async def _sent(self, message: EmailMessage) -> tuple[Result, int | None]:
        options = self._options
        try:
            await aiosmtplib.send(
                message,
                hostname=options.host,
                port=options.port,
                use_tls=options.security == "tls",
                start_tls=options.security == "starttls",
                tls_context=self._trust,
                username=options.username,
                password=options.password,
                timeout=self._seconds,
            )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            worst = min(one.code for one in refused.recipients)
            return _result_of(worst), worst
        except aiosmtplib.SMTPAuthenticationError as refused:
            return Result.REFUSED, refused.code  # our own password, not this message, is at fault
        except aiosmtplib.SMTPResponseException as refused:
            return _result_of(refused.code), refused.code
        except (aiosmtplib.SMTPException, OSError, ValueError) as failure:
            slow = isinstance(failure, aiosmtplib.SMTPTimeoutError)
            return Result.TIMEOUT if slow else Result.UNREACHABLE, None
        return Result.OK, 250


def _result_of(code: int) -> Result:
    return Result.REJECTED if 500 <= code < 600 else Result.REFUSED
