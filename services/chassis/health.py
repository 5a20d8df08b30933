"""Health: /healthz says the process runs, /readyz that it can do its work."""

from collections.abc import Awaitable, Callable, Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Check = Callable[[], Awaitable[bool]]


def health_routes(checks: Mapping[str, Check]) -> list[Route]:
    """Give both routes; /readyz names each check and answers 503 while one of them fails."""

    async def healthz(_request: Request) -> Response:
        return Response(b"ok\n", media_type="text/plain")

    async def readyz(_request: Request) -> Response:
        results = {name: await check() for name, check in checks.items()}
        ready = all(results.values())
        headers = {} if ready else {"Retry-After": "1"}
        return Response(orjson.dumps(results), 200 if ready else 503, headers, "application/json")

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
