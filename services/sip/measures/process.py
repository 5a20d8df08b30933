"""The process `samplan sip measures`: any number may run, one computes, all publish what was kept."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext, suppress

import anyio
from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.routing import Route

from services.chassis.health import Check, health_routes
from services.chassis.request_metrics import App, RequestMetrics, metrics_endpoint
from services.sip.domain.errors import StoreBusy
from services.sip.measures.board import Board
from services.sip.measures.measuring import Leading, Measuring
from services.sip.measures.published import publication, states_from_json

log = logging.getLogger(__name__)


async def run_measures(measuring: Measuring, board: Board) -> None:
    """Work until cancelled; no failure ends it, and the lease is given back at the end."""
    leading = Leading(measuring)
    try:
        while True:
            try:
                await _round(measuring, board, leading)
            except StoreBusy:
                log.warning("figures wait for the database")
                await _failed(measuring, board)
            except Exception:
                log.exception("figures could not be computed")
                await _failed(measuring, board)
    finally:
        with anyio.move_on_after(2, shield=True), suppress(StoreBusy):
            await measuring.lease.give_back(measuring.holder)


async def _failed(measuring: Measuring, board: Board) -> None:
    board.count("failed")
    await anyio.sleep(measuring.pace.tick)


async def _round(measuring: Measuring, board: Board, leading: Leading) -> None:
    """Compute if this process leads and it is time, then put up what is kept; before the first time, too."""
    if not board.edition:
        await _put_up(measuring, board)
    board.leads = await measuring.lease.take(measuring.holder, measuring.pace.lease)
    if board.leads:
        kept = await leading.round()
        if kept is not None:
            board.count("kept" if kept else "overtaken")
        await _put_up(measuring, board)
    else:
        leading.ends()
        await _put_up(measuring, board)
        await anyio.sleep(measuring.pace.tick)


async def _put_up(measuring: Measuring, board: Board) -> None:
    kept = await measuring.store.latest(board.edition)
    if kept:
        shown = publication(measuring.rule, states_from_json(kept.published))
        board.show(shown, kept.edition, kept.computed.timestamp(), kept.seconds)


def build_measures_app(
    measuring: Measuring,
    registry: CollectorRegistry,
    store_reachable: Check,
    opened: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
) -> App:
    """Give the application: /metrics, /healthz, /readyz, and the work as long as it lives.

    `opened` surrounds the work: what must be ready before it, and is closed after it.
    """
    board = Board(registry)

    @asynccontextmanager
    async def working(_app: Starlette) -> AsyncIterator[None]:
        async with opened(), anyio.create_task_group() as tasks:
            tasks.start_soon(run_measures, measuring, board)
            yield
            tasks.cancel_scope.cancel()

    async def published() -> bool:
        return board.edition > 0

    routes = [
        Route("/metrics", metrics_endpoint(registry)),
        *health_routes({"store": store_reachable, "figures": published}),
    ]
    app = Starlette(routes=routes, lifespan=working)
    return RequestMetrics("sip", registry).middleware(app)
