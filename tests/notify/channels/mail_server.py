"""A real SMTP server on loopback that speaks TLS, refuses as told, and keeps what it was sent."""

import ssl
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as POLICY
from pathlib import Path
from typing import Any, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.loopback import free_port


class MailServer:
    """Takes mail after STARTTLS; `answers` is what it says to the next ones instead of yes."""

    def __init__(self, certificate: Path, key: Path, *, offers_tls: bool = True) -> None:
        self.received: list[EmailMessage] = []
        self.answers: list[str] = []
        self.port = free_port()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        tls: dict[str, Any] = {"tls_context": context, "require_starttls": True} if offers_tls else {}
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **tls)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name there
        if self.answers:
            return self.answers.pop(0)
        raw = cast("bytes", envelope.content)
        message = BytesParser(policy=POLICY).parsebytes(raw)
        self.received.append(message)
        return "250 taken"

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_failure: object) -> None:
        self._controller.stop()
