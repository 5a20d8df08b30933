"""A small real issuer of access tokens: ES256 keys, JWKS and client-credentials tokens over loopback HTTP."""

import base64
import time
import uuid
from types import TracebackType
from typing import Any, ClassVar, Self
from urllib.parse import parse_qs

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.loopback import LoopbackServer

CLIENT_SECRET = "only-for-tests"


class TestIssuer:
    """Issues tokens that the services trust when they are given `setting()`; usable as a context manager.

    `with TestIssuer(audience="https://samplan.test") as issuer: issuer.token(scope="system/event.c")`.
    A claim given as None is left out; `header_` replaces members of the JOSE header.
    """

    __test__: ClassVar[bool] = False  # its name begins as a test's does

    def __init__(self, audience: str = "https://samplan.test") -> None:
        """Make the keys; nothing is served before the `with` block."""
        self.audience = audience
        self.key = ECKey.generate_key("P-256", {"kid": uuid.uuid4().hex, "use": "sig", "alg": "ES256"})
        routes = [Route("/jwks", self._jwks), Route("/token", self._token, methods=["POST"])]
        self._server = LoopbackServer(Starlette(routes=routes))
        self.url = self._server.url
        self.jwks_uri = f"{self.url}/jwks"
        self.token_url = f"{self.url}/token"

    def __enter__(self) -> Self:
        """Start serving."""
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
        self._server.__exit__(kind, failure, trace)

    def setting(self) -> dict[str, str]:
        """Give the entry for a service's ISSUERS setting."""
        return {"issuer": self.url, "jwks_uri": self.jwks_uri}

    def token(
        self, *, header_: dict[str, Any] | None = None, key_: ECKey | None = None, **claims: Any
    ) -> str:
        """Sign a token that is in order, but for the claims, header members or key given."""
        now = int(time.time())  # noqa: TID251 - an issuer reads the clock
        every = {
            "iss": self.url,
            "aud": self.audience,
            "sub": "somebody",
            "client_id": "test-client",
            "jti": uuid.uuid4().hex,
            "iat": now,
            "exp": now + 300,
            "scope": "",
            **claims,
        }
        header = {"alg": "ES256", "typ": "at+jwt", "kid": self.key.kid, **(header_ or {})}
        body = {name: value for name, value in every.items() if value is not None}
        return jwt.encode(header, body, key_ or self.key, algorithms=[str(header["alg"])])

    def headers(self, **claims: Any) -> dict[str, str]:
        """Give the Authorization header of such a token."""
        return {"Authorization": f"Bearer {self.token(**claims)}"}

    async def _jwks(self, _request: Request) -> Response:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    async def _token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        basic = request.headers.get("authorization", "").removeprefix("Basic ")
        client_id, _, secret = base64.b64decode(basic + "==").decode().partition(":")
        if form.get("grant_type") != ["client_credentials"] or secret != CLIENT_SECRET:
            return JSONResponse({"error": "invalid_client"}, 401)
        scope = form.get("scope", [""])[0]
        token = self.token(sub=client_id, client_id=client_id, scope=scope)
        return JSONResponse(
            {"access_token": token, "token_type": "Bearer", "expires_in": 300, "scope": scope}
        )
