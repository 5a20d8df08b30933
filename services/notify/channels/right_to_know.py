"""Asks sip, at every attempt, whether a unit may know; no clear answer counts as none."""

import asyncio
import logging
import ssl
from typing import Final, Protocol

import orjson

from services.notify.channels.connection import Answer
from services.notify.channels.connections import Connections
from services.notify.domain.endpoints import read_endpoint, rule_from
from services.notify.domain.errors import NoAnswerFromRecord
from services.notify.use_cases.ports import Knowledge, Question

SECONDS: Final = 5.0
LARGEST: Final = 2 << 20  # an answer that holds a whole resource
PATH: Final = "/api/v1/right-to-know"

log = logging.getLogger(__name__)


class Bearer(Protocol):
    """Our own access token towards sip."""

    async def bearer(self) -> str:
        """Give the token."""

    def forget(self) -> None:
        """Drop the token, after it was refused."""


class RightToKnow:
    """Implements Rights over sip's POST /api/v1/right-to-know."""

    def __init__(self, sip_url: str, token: Bearer) -> None:
        """Take sip's address, which the operator has set and may be anywhere, and our token."""
        anywhere = rule_from("*", ("0.0.0.0/0", "::/0"), (), plain_http=True)
        self._endpoint = read_endpoint(f"{sip_url.rstrip('/')}{PATH}", [anywhere])
        self._connections = Connections(ssl.create_default_context(), LARGEST)
        self._token = token

    async def close(self) -> None:
        """Close the connections."""
        await self._connections.close()

    async def may_know(self, question: Question) -> Knowledge:
        """Ask; raises NoAnswerFromRecord for anything but 200 with a clear yes or no, in time."""
        asked = orjson.dumps(
            {
                "unit": question.unit,
                "focus": question.focus,
                "topic": question.topic,
                "payload": question.payload,
                **({"giver": question.giver} if question.giver else {}),
            }
        )
        try:
            async with asyncio.timeout(SECONDS):
                headers = {
                    "Authorization": f"Bearer {await self._token.bearer()}",
                    "Content-Type": "application/json",
                }
                answer = await self._connections.post(self._endpoint, headers.items(), asked)
        except Exception as failure:  # whatever kept the answer away, nothing is sent without it
            log.warning("right_to_know_unanswered", extra={"error_type": type(failure).__name__})
            raise NoAnswerFromRecord("The record cannot be asked at the moment.") from failure
        if answer.status == 401:
            self._token.forget()
        known = _known(answer, question)
        if known is None:
            log.warning("right_to_know_unanswered", extra={"status": answer.status})
            raise NoAnswerFromRecord("The record gave no clear answer.")
        return known


def _known(answer: Answer, question: Question) -> Knowledge | None:
    if answer.status != 200:
        return None
    try:
        told = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return None
    allowed = told.get("allowed") if isinstance(told, dict) else None
    if not isinstance(allowed, bool):
        return None
    whole = told.get("resource") if allowed and question.payload == "full-resource" else None
    if allowed and question.payload == "full-resource" and not isinstance(whole, dict):
        return None
    return Knowledge(allowed, whole)
