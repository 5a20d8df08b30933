"""`notify worker`: delivers; beside that it answers only for its health and metrics."""

import asyncio
import contextlib
import logging
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial

from starlette.applications import Starlette

from services.chassis.health import health_routes
from services.chassis.logs import configure_logs
from services.chassis.request_metrics import App, RequestMetrics, metrics_endpoint, process_registry
from services.chassis.server import serve
from services.chassis.templated_route import TemplatedRoute
from services.notify.api.figures import Backlog, Figures
from services.notify.channels.inbox_channel import InboxChannel
from services.notify.channels.rest_hook import RestHook
from services.notify.domain.breaker import BreakerRules
from services.notify.domain.retry import Schedule
from services.notify.main.parts import Stores, bases_of, beside, now, opened_stores, rights_of
from services.notify.settings import NotifySettings, WorkerSettings
from services.notify.storage.database import Database
from services.notify.storage.lane_feed import follow_lanes
from services.notify.use_cases.deliver_lane import Sending
from services.notify.use_cases.ports import Rights
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
        async with opened_stores(settings) as stores, _rest_hook(settings) as hook:
            rights = rights_of(settings)
            work = _work(settings, stores, hook, rights, Figures(registry))
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


@contextlib.asynccontextmanager
async def _rest_hook(settings: NotifySettings) -> AsyncIterator[RestHook]:
    trust = ssl.create_default_context()
    if settings.ca_file:
        trust.load_verify_locations(settings.ca_file)
    rules = tuple(one.rule() for one in settings.allowed_endpoints)
    hook = RestHook(rules, bases_of(settings), settings.attempt_seconds, trust)
    try:
        yield hook
    finally:
        await hook.close()


def _work(settings: NotifySettings, stores: Stores, hook: RestHook, rights: Rights, figures: Figures) -> Work:
    """Put together what a claimed lane is worked off with; a new channel is a new row here."""
    sending = Sending(
        lanes=stores.lanes,
        deliveries=stores.deliveries,
        subscriptions=stores.subscriptions,
        numbers=stores.numbers,
        breakers=stores.breakers,
        rights=rights,
        channels={"rest-hook": hook, "inbox": InboxChannel(stores.inbox)},
        tally=figures,
        schedule=Schedule(settings.retry_waits),
        breaker_rules=BreakerRules(),
        clock=now,
        uniform=random.SystemRandom().uniform,
    )
    return Work(sending, Greeting(stores.lanes, stores.subscriptions, hook, figures, now))


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
    """Make handshakes that were asked for and then forgotten, because somebody died in between."""
    for held in await stores.subscriptions.awaiting_handshake():
        await stores.lanes.ensure_handshake(held)


async def _note(stores: Stores, backlog: Backlog) -> None:
    oldest = await stores.deliveries.oldest_pending()
    dead = await stores.deliveries.count_dead(MOST_DEAD_COUNTED)
    backlog.note(oldest, dead, stores.breakers.open_count(), now())


def run_worker() -> None:
    """Work until stopped, with settings from the environment."""
    settings = WorkerSettings()
    configure_logs("notify-worker", settings.log_level)
    serve(build_worker(settings), settings.host, settings.port)
