"""Serving: uvicorn with uvloop, one worker a process, stopping gracefully."""

import gc
from typing import Final

import uvicorn

from services.chassis.request_metrics import App

GRACEFUL_SECONDS: Final = 20
GC_THRESHOLDS: Final = (50_000, 50, 50)  # the modules never die; collecting them again costs p99


def serve(app: App, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests under way."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    uvicorn.run(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
        timeout_keep_alive=75,
        server_header=False,
    )
