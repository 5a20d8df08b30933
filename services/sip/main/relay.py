"""Wiring of `samplan sip relay`: the relay at work, with its health and metrics."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.routing import Route

from services.chassis.health import health_routes
from services.chassis.logs import configure_logs
from services.chassis.request_metrics import App, metrics_endpoint, process_registry
from services.chassis.server import serve
from services.chassis.service_token import ServiceToken
from services.sip.main.holder import lease_holder
from services.sip.outbound.relay import Relay, relay_metrics
from services.sip.settings import SipSettings
from services.sip.storage.connection import connect, database, prepare, reachable
from services.sip.storage.mongo_outbox import MongoOutbox


def build_relay(settings: SipSettings) -> App:
    """Make the application of `samplan sip relay`: the relay at work, with its health and metrics."""
    client = connect(settings.mongo_url)
    db = database(client, settings.mongo_database)
    registry = process_registry()
    metrics = relay_metrics(registry)
    outbox = MongoOutbox(db, lease_holder())
    token = ServiceToken(
        settings.token_url, (settings.client_id, settings.client_secret), "system/event.c", time.time
    )
    base = settings.public_base.rstrip("/")
    relay = Relay(outbox, token, settings.notify_url, f"{base}/fhir", metrics)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await prepare(db)
        work = asyncio.create_task(relay.run(settings.relay_poll_seconds))
        yield
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
        client.close()

    routes = [
        *health_routes({"mongo": lambda: reachable(client)}),
        Route("/metrics", metrics_endpoint(registry)),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def run_relay() -> None:
    """Relay until stopped."""
    settings = SipSettings()
    configure_logs("sip-relay", settings.log_level)
    serve(build_relay(settings), settings.host, settings.port)
