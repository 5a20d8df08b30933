"""`notify worker`: delivers; beside that it answers only for its health and metrics."""

import asyncio
import contextlib
import logging
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial

from starlette.applications import Starlette

from services.chassis.health import health_routes
from services.chassis.logs import configure_logs
from services.chassis.request_metrics import App, RequestMetrics, metrics_endpoint, process_registry
from services.chassis.server import serve
from services.chassis.templated_route import TemplatedRoute
from services.notify.api.figures import Backlog, Figures
from services.notify.channels.kinds.rest_hook import RestHook
from services.notify.domain.breaker import BreakerRules
from services.notify.domain.retry import Schedule
from services.notify.main.channels import opened_channels
from services.notify.main.parts import Stores, beside, now, opened_stores, rights_of
from services.notify.settings import NotifySettings, WorkerSettings
from services.notify.storage.database import Database
from services.notify.storage.lane_feed import follow_lanes
from services.notify.use_cases.ports import Channel, Rights
from services.notify.use_cases.sending import Sending
from services.notify.use_cases.shake_hands import Greeting
from services.notify.use_cases.work_lane import Work, work_lane
from services.notify.use_cases.work_queues import Limits, QueueWorker

HEAL_SECONDS = 30.0
BACKLOG_SECONDS = 5.0
STALLED_AFTER = 30.0
MOST_DEAD_COUNTED = 10_000
MARGIN = 10.0

log = logging.getLogger(__name__)


def build_worker(settings: NotifySettings) -> App:
    """Make the application; it works from its start to its end."""
    registry = process_registry()

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with opened_stores(settings) as stores, opened_channels(settings, stores) as channels:
            rights = rights_of(settings)
            work = _work(settings, stores, channels, rights, Figures(registry, channels))
            worker = QueueWorker(
                stores.lanes, stores.breakers, _limits(settings), partial(work_lane, work=work)
            )
            app.state.stores, app.state.worker = stores, worker
            async with (
                Database(settings.mongo_url, settings.mongo_database, operation_ms=None) as watched,
                beside(
                    worker.run(),
                    follow_lanes(watched, worker.wake),
                    again_and_again(partial(_heal, stores), HEAL_SECONDS),
                    again_and_again(partial(_note, stores, Backlog(registry)), BACKLOG_SECONDS),
                ),
            ):
                yield
            await rights.close()

    app = Starlette(lifespan=lifespan)

    async def working() -> bool:
        return bool(app.state.worker.seconds_since_round < STALLED_AFTER)

    async def stores_ready() -> bool:
        return bool(await app.state.stores.ready())

    checks = {"mongo": stores_ready, "working": working}
    app.router.routes += [*health_routes(checks), TemplatedRoute("/metrics", metrics_endpoint(registry))]
    return RequestMetrics("notify", registry).middleware(app)


def _work(
    settings: NotifySettings,
    stores: Stores,
    channels: Mapping[str, Channel],
    rights: Rights,
    figures: Figures,
) -> Work:
    """Put together what a claimed lane is worked off with."""
    sending = Sending(
        lanes=stores.lanes,
        deliveries=stores.deliveries,
        subscriptions=stores.subscriptions,
        numbers=stores.numbers,
        breakers=stores.breakers,
        ways=stores.ways,
        rights=rights,
        channels=channels,
        tally=figures,
        schedule=Schedule(settings.retry_waits),
        breaker_rules=BreakerRules(),
        clock=now,
        uniform=random.SystemRandom().uniform,
    )
    hook = channels["rest-hook"]
    if not isinstance(hook, RestHook):
        raise TypeError("the channel rest-hook is what greets subscriptions")
    greeting = Greeting(
        stores.lanes, stores.subscriptions, stores.deliveries, stores.ways, hook, figures, now
    )
    return Work(sending, greeting)


def _limits(settings: NotifySettings) -> Limits:
    return Limits(
        lanes=settings.lanes,
        lanes_of_queue=settings.lanes_of_endpoint,
        lanes_of_inbox=settings.lanes_of_inbox,
        poll_seconds=settings.poll_seconds,
        lease_seconds=settings.lease_seconds,
        drain_seconds=min(15.0, settings.lease_seconds),
        probe_seconds=settings.attempt_seconds + MARGIN,
    )


async def again_and_again(one_round: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Do something every so many seconds, whatever happens, until cancelled."""
    while True:
        try:
            await one_round()
        except Exception:
            log.exception("round_failed")
        await asyncio.sleep(seconds)


async def _heal(stores: Stores) -> None:
    """Make handshakes and heartbeats that somebody who died in between forgot; end what is over."""
    for held in await stores.subscriptions.awaiting_handshake():
        await stores.lanes.ensure_handshake(held)
    for held in await stores.subscriptions.with_heartbeat():
        await stores.lanes.ensure_heartbeat(held)
    await stores.subscriptions.expire(now())


async def _note(stores: Stores, backlog: Backlog) -> None:
    oldest = await stores.deliveries.oldest_pending()
    dead = await stores.deliveries.count_dead(MOST_DEAD_COUNTED)
    backlog.note(oldest, dead, stores.breakers.open_count(), now())


def run_worker() -> None:
    """Work until stopped, with settings from the environment."""
    settings = WorkerSettings()
    configure_logs("notify-worker", settings.log_level)
    serve(build_worker(settings), settings.host, settings.port)
