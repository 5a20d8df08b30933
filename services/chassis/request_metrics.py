"""Technical metrics of a process, and the pure ASGI middleware that counts its requests."""

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import choose_encoder
from starlette.requests import Request
from starlette.responses import Response

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BUCKETS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestMetrics:
    """Counts requests by route template, method and status; labels never hold what a caller wrote."""

    def __init__(self, prefix: str, registry: CollectorRegistry) -> None:
        """Register the counters under `sip_` or `notify_`."""
        labels = ("route", "method", "code")
        self.requests = Counter(
            f"{prefix}_http_requests", "Answered HTTP requests.", labels, registry=registry
        )
        self.seconds = Histogram(
            f"{prefix}_http_request_duration_seconds",
            "Time from request to answer.",
            ("route", "method"),
            buckets=BUCKETS,
            registry=registry,
        )
        self.in_flight = Gauge(
            f"{prefix}_http_requests_in_flight", "Requests being answered.", registry=registry
        )

    def middleware(self, app: App) -> App:
        """Wrap the application; the route's template is read after routing has put it in the scope."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            started, status = time.perf_counter(), 500

            async def noting(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            self.in_flight.inc()
            try:
                await app(scope, receive, noting)
            finally:
                self.in_flight.dec()
                route = scope.get("route")
                template = getattr(route, "path", None) or "unmatched"
                method = scope["method"] if scope["method"] in METHODS else "other"
                self.requests.labels(template, method, str(status)).inc()
                self.seconds.labels(template, method).observe(time.perf_counter() - started)

        return counted


def process_registry() -> CollectorRegistry:
    """Give a registry that already tells about the process itself (memory, CPU, open files)."""
    registry = CollectorRegistry(auto_describe=True)
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry


def metrics_endpoint(registry: CollectorRegistry) -> Callable[[Request], Awaitable[Response]]:
    """Give the handler of GET /metrics."""

    async def metrics(request: Request) -> Response:
        encoder, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(encoder(registry), headers={"content-type": content_type})

    return metrics
