"""A service's own access token: OAuth 2 client credentials through authlib, kept until shortly before it ends."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from authlib.integrations.httpx_client import AsyncOAuth2Client

RENEW_BEFORE: Final = 30.0  # seconds
TIMEOUT: Final = 5.0


class ServiceToken:
    """Gives a bearer token for one scope, fetching a new one when the old one is about to end."""

    def __init__(
        self, token_url: str, client: tuple[str, str], scope: str, clock: Callable[[], float]
    ) -> None:
        """Take the token endpoint, client id and secret, the scope, and a clock in seconds since 1970."""
        self._token_url, self._client, self._scope, self._clock = token_url, client, scope, clock
        self._token: dict[str, Any] | None = None
        self._fetching = asyncio.Lock()

    async def bearer(self) -> str:
        """Give the token; raises httpx2.HTTPError or authlib's OAuthError when none is to be had."""
        async with self._fetching:
            if self._token is None or self._token.get("expires_at", 0) - RENEW_BEFORE < self._clock():
                client_id, secret = self._client
                async with AsyncOAuth2Client(
                    client_id, secret, scope=self._scope, timeout=TIMEOUT, trust_env=False
                ) as client:
                    self._token = await client.fetch_token(self._token_url, grant_type="client_credentials")
            return str(self._token["access_token"])

    def forget(self) -> None:
        """Drop the token, after it was refused."""
        self._token = None
