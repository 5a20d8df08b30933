"""A real webhook receiver: keeps what it was sent, answers as told."""

import json
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.loopback import LoopbackServer

Answer = Callable[["Received"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    raw: bytes
    at: float = field(default_factory=time.monotonic)

    @property
    def bundle(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.raw)
        return found

    @property
    def parameters(self) -> dict[str, Any]:
        """The values of the status Parameters by name, events as a list."""
        parts = self.bundle["entry"][0]["resource"]["parameter"]
        plain = {
            part["name"]: next(v for k, v in part.items() if k != "name")
            for part in parts
            if "part" not in part
        }
        events = [
            {one["name"]: next(v for k, v in one.items() if k != "name") for one in part["part"]}
            for part in parts
            if part["name"] == "notification-event"
        ]
        return {**plain, "events": events}

    @property
    def kind(self) -> str:
        return str(self.parameters["type"])

    @property
    def number(self) -> int:
        return int(self.parameters["events"][0]["event-number"])

    @property
    def focus(self) -> str:
        reference: str = self.parameters["events"][0]["focus"]["reference"]
        return reference


async def take(_received: Received) -> Response:
    """Answer 204."""
    return Response(status_code=204)


class Sink(LoopbackServer):
    """Receives at any path; `answer` may be replaced."""

    def __init__(self, *, ssl: dict[str, str] | None = None) -> None:
        super().__init__(Starlette(routes=[Route("/{path:path}", self._receive, methods=["POST"])]), ssl=ssl)
        self.received: list[Received] = []
        self.answer: Answer = take
        self._lock = threading.Lock()

    async def _receive(self, request: Request) -> Response:
        received = Received(request.url.path, dict(request.headers), await request.body())
        with self._lock:
            self.received.append(received)
        return await self.answer(received)

    def events(self, path: str | None = None) -> list[Received]:
        """What came in that tells of events."""
        with self._lock:
            every = list(self.received)
        return [one for one in every if one.kind == "event-notification" and path in (None, one.path)]
