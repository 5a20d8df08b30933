"""An issuer's public keys: fetched from its configured address only, cached, refetched with restraint."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

import httpx2
import orjson
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

FETCH_AT_MOST_EVERY: Final = 30.0  # seconds; a flood of unknown key ids must not become a flood of fetches
REFRESH_AFTER: Final = 300.0  # seconds; a withdrawn key stops working by then
FETCH_TIMEOUT: Final = 5.0
MOST_BYTES: Final = 256 * 1024

log = logging.getLogger(__name__)


class IssuerKeys:
    """Keys of one issuer; serves the cached ones while the issuer is out of reach."""

    def __init__(self, jwks_uri: str, monotonic: Callable[[], float]) -> None:
        """Take the issuer's JWKS address and a monotonic clock in seconds."""
        self._jwks_uri = jwks_uri
        self._monotonic = monotonic
        self._keys: KeySet | None = None
        self._fetched_at = float("-inf")
        self._tried_at = float("-inf")
        self._fetching = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None  # held, or the loop might drop it

    @property
    def ready(self) -> bool:
        """Whether any key has been fetched."""
        return self._keys is not None

    async def holding(self, kid: str | None) -> KeySet | None:
        """Give the keys if one of them has this key id, fetching first when that may help.

        Keys that are there but old serve on while they are fetched anew: an issuer that does not answer delays nobody.
        """
        if not self._has(kid):
            await self.fetch()
        elif self._monotonic() - self._fetched_at > REFRESH_AFTER and not self._fetching.locked():
            self._refreshing = asyncio.create_task(self.fetch())
        return self._keys if self._has(kid) else None

    def _has(self, kid: str | None) -> bool:
        return kid is not None and self._keys is not None and any(key.kid == kid for key in self._keys.keys)

    async def fetch(self) -> None:
        """Fetch the keys unless that was tried a moment ago; a failure leaves the cached ones in use."""
        async with self._fetching:
            if self._monotonic() - self._tried_at < (FETCH_AT_MOST_EVERY if self.ready else 1.0):
                return
            self._tried_at = self._monotonic()
            try:
                self._keys = await self._download()
                self._fetched_at = self._monotonic()
            except (httpx2.HTTPError, JoseError, ValueError, TypeError, LookupError, TimeoutError) as failure:
                log.warning("issuer_keys_not_fetched", extra={"reason": type(failure).__name__})

    async def _download(self) -> KeySet:
        async with (
            asyncio.timeout(FETCH_TIMEOUT),
            httpx2.AsyncClient(trust_env=False, follow_redirects=False) as client,
            client.stream("GET", self._jwks_uri) as answer,
        ):
            answer.raise_for_status()
            body = b""
            async for piece in answer.aiter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    message = "the key set is too large"
                    raise ValueError(message)
        return KeySet.import_key_set(orjson.loads(body))
