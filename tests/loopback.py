"""A real HTTP server on loopback for one test or one session: uvicorn in a thread, on a free port."""

import socket
import threading
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import uvicorn

App = Callable[..., Awaitable[Any]]
START_WITHIN = 10.0  # seconds


class LoopbackServer:
    """Serves an ASGI application while the `with` block runs; `url` is known before it starts."""

    def __init__(self, app: App | None = None, *, ssl: dict[str, str] | None = None, port: int = 0) -> None:
        """Take the application (it may be set later, but before the start), uvicorn's ssl_* options, a port."""
        self.app = app
        self._ssl: dict[str, Any] = ssl or {}
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self.port: int = self._socket.getsockname()[1]
        self.url = f"{'https' if ssl else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        """Start, and wait until it answers."""
        config = uvicorn.Config(
            self.app or _nothing_here,
            log_config=None,
            access_log=False,
            ws="none",
            loop="asyncio" if self._ssl else "auto",  # uvloop cannot close a loop with TLS still under way
            timeout_graceful_shutdown=1,
            **self._ssl,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )
        self._thread.start()
        until = time.monotonic() + START_WITHIN
        while not self._server.started:
            if time.monotonic() > until or not self._thread.is_alive():
                raise RuntimeError("the loopback server did not start")
            time.sleep(0.005)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _failure: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Stop, and wait until the thread has ended."""
        self._server.should_exit = True
        self._thread.join(timeout=START_WITHIN)
        self._socket.close()


async def _nothing_here(scope: Any, _receive: Any, send: Any) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def free_port() -> int:
    """Give a port that was free a moment ago, for processes that must be told their port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
