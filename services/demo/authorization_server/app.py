"""The authorization server's addresses: /token, /jwks and its metadata."""

from joserfc.jwk import KeySet
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.health import health_routes
from services.demo.authorization_server.issue import Issuer
from services.demo.authorization_server.refusal import NO_STORE, TokenNotIssued
from services.demo.authorization_server.token_request import client_credentials, read_form


def authorization_app(issuer: Issuer) -> Starlette:
    """Give the application that issues this issuer's tokens."""

    async def token(request: Request) -> Response:
        try:
            form = await read_form(request)
            client = issuer.client(*client_credentials(request.headers.get("authorization"), form))
            return JSONResponse(issuer.issue(client, form), headers=NO_STORE)
        except TokenNotIssued as refusal:
            return refusal.answer()

    async def jwks(_request: Request) -> Response:
        keys = KeySet([issuer.key]).as_dict(private=False)
        return JSONResponse(keys, headers={"Cache-Control": "max-age=60"})

    async def metadata(_request: Request) -> Response:
        return JSONResponse(_metadata(issuer))

    routes = [
        Route("/token", token, methods=["POST"]),
        Route("/jwks", jwks),
        Route("/.well-known/openid-configuration", metadata),
        Route("/.well-known/oauth-authorization-server", metadata),
        *health_routes({}),
    ]
    return Starlette(routes=routes)


def _metadata(issuer: Issuer) -> dict[str, object]:
    """Describe the server (RFC 8414); it has no page to log in at, so no authorization endpoint."""
    scopes = sorted({scope for client in issuer.clients.values() for scope in client.scopes})
    return {
        "issuer": issuer.name,
        "token_endpoint": f"{issuer.name}/token",
        "jwks_uri": f"{issuer.name}/jwks",
        "grant_types_supported": ["client_credentials"],
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "scopes_supported": scopes,
    }
