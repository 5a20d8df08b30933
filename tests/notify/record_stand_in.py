"""A real HTTP stand-in for sip, as far as notify asks it: who may know."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.loopback import LoopbackServer

Question = dict[str, Any]
UNSET = object()


class RecordStandIn(LoopbackServer):
    """Says yes, unless told otherwise.

    `refuses` decides what it says no to, `down` that it gives no answer,
    `says` what it says instead of yes or no.
    """

    def __init__(self) -> None:
        super().__init__(Starlette(routes=[Route("/api/v1/right-to-know", self._answer, methods=["POST"])]))
        self.asked: list[Question] = []
        self.resources: dict[str, Question] = {}
        self.refuses: Callable[[Question], bool] = lambda _question: False
        self.down = False
        self.says: object = UNSET
        self.takes_seconds = 0.0
        self._lock = threading.Lock()

    async def _answer(self, request: Request) -> Response:
        question = await request.json()
        with self._lock:
            self.asked.append(question)
        await asyncio.sleep(self.takes_seconds)
        if self.down:
            return Response(status_code=503)
        if not request.headers.get("authorization", "").startswith("Bearer "):
            return Response(status_code=401)
        refused = self.refuses(question)
        allowed = not refused if self.says is UNSET else self.says
        told = {"allowed": allowed, "reason": "no relation" if refused else "reader"}
        if allowed is True and question["payload"] == "full-resource":
            told["resource"] = self.resources[question["focus"]]
        return JSONResponse(told)
