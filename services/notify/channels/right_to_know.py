"""Asks sip, at every attempt, whether a unit may know; no clear answer counts as none."""

import asyncio
import logging
from typing import Final, Protocol

import httpx2
import orjson

from services.notify.domain.errors import NoAnswerFromRecord
from services.notify.use_cases.ports import Question

SECONDS: Final = 5.0
MOST_READ: Final = 64 * 1024

log = logging.getLogger(__name__)


class Bearer(Protocol):
    """Our own access token towards sip."""

    async def bearer(self) -> str:
        """Give the token."""

    def forget(self) -> None:
        """Drop the token, after it was refused."""


class RightToKnow:
    """Implements Rights over sip's POST /api/v1/right-to-know."""

    def __init__(self, sip_url: str, token: Bearer, *, connections: int = 64) -> None:
        """Take sip's address, our token, and how many questions may be asked at once."""
        limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._client = httpx2.AsyncClient(
            base_url=sip_url, timeout=SECONDS, limits=limits, trust_env=False, follow_redirects=False
        )
        self._token = token

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def may_know(self, question: Question) -> bool:
        """Ask; raises NoAnswerFromRecord for anything but 200 with a clear yes or no, in time."""
        asked = orjson.dumps(
            {
                "unit": question.unit,
                "focus": question.focus,
                "topic": question.topic,
                "payload": question.payload,
            }
        )
        try:
            async with asyncio.timeout(SECONDS):
                headers = {
                    "Authorization": f"Bearer {await self._token.bearer()}",
                    "Content-Type": "application/json",
                }
                answer = await self._client.post("/api/v1/right-to-know", content=asked, headers=headers)
        except Exception as failure:  # whatever kept the answer away, nothing is sent without it
            log.warning("right_to_know_unanswered", extra={"error_type": type(failure).__name__})
            raise NoAnswerFromRecord("The record cannot be asked at the moment.") from failure
        if answer.status_code == 401:
            self._token.forget()
        allowed = _allowed(answer)
        if allowed is None:
            log.warning("right_to_know_unanswered", extra={"status": answer.status_code})
            raise NoAnswerFromRecord("The record gave no clear answer.")
        return allowed


def _allowed(answer: httpx2.Response) -> bool | None:
    if answer.status_code != 200 or len(answer.content) > MOST_READ:
        return None
    try:
        told = orjson.loads(answer.content)
    except orjson.JSONDecodeError:
        return None
    allowed = told.get("allowed") if isinstance(told, dict) else None
    return allowed if isinstance(allowed, bool) else None
