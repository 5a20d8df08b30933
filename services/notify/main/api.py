"""`notify api`: takes events and subscriptions, serves inboxes."""

import contextlib
import time
from collections.abc import AsyncIterator
from importlib.metadata import version

from fastapi import FastAPI

from services.chassis.health import health_routes
from services.chassis.logs import configure_logs
from services.chassis.request_metrics import App, RequestMetrics, metrics_endpoint, process_registry
from services.chassis.server import serve
from services.chassis.templated_route import TemplatedRoute
from services.chassis.tokens import TokenVerifier
from services.notify.api.figures import Figures
from services.notify.fhir.capability import metadata_route
from services.notify.fhir.operation_routes import operation_routes
from services.notify.fhir.subscription_routes import subscription_routes
from services.notify.main.channels import offered
from services.notify.main.described import described_api
from services.notify.main.parts import Stores, bases_of, beside, now, opened_stores, rights_of
from services.notify.settings import NotifySettings
from services.notify.storage.database import Database
from services.notify.storage.inbox_feed import follow_inbox
from services.notify.use_cases.accept_events import Intake
from services.notify.use_cases.create_subscription import Subscribing
from services.notify.use_cases.list_events import Listing
from services.notify.use_cases.watch_inbox import Bell


def build_api(settings: NotifySettings) -> App:
    """Make the application."""
    registry = process_registry()
    issuers = [one.trusted() for one in settings.issuers]
    base = settings.public_base.rstrip("/")
    verifier = TokenVerifier(issuers, base, clock=time.time, monotonic=time.monotonic)
    figures = Figures(registry)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with opened_stores(settings) as stores:
            _hand_in(app, settings, stores, figures)
            await verifier.fetch_keys()
            async with (
                Database(settings.mongo_url, settings.mongo_database, operation_ms=None) as watched,
                beside(follow_inbox(watched, app.state.bell.ring)),
            ):
                yield
            await app.state.listing.rights.close()

    app = described_api(lifespan)
    app.state.verifier = verifier

    async def stores_ready() -> bool:
        return bool(await app.state.stores.ready())

    checks = {"mongo": stores_ready, "keys": verifier.fetch_keys}
    app.router.routes += [
        *health_routes(checks),
        TemplatedRoute("/metrics", metrics_endpoint(registry)),
        metadata_route(version("samplan")),
        *operation_routes(),
        *subscription_routes(),
    ]
    return RequestMetrics("notify", registry).middleware(app)


def _hand_in(app: FastAPI, settings: NotifySettings, stores: Stores, figures: Figures) -> None:
    """Hand the parts to the ways in."""
    state, rules = app.state, tuple(one.rule() for one in settings.allowed_endpoints)
    state.stores, state.clock, state.bases = stores, now, bases_of(settings)
    state.intake = Intake(
        stores.events, stores.subscriptions, stores.deliveries, stores.lanes, stores.ways, figures
    )
    state.ways = stores.ways
    state.offered = {name: (one, settings.channels[name]) for name, one in offered(settings).items()}
    state.subscribing = Subscribing(stores.subscriptions, stores.lanes, rules)
    state.listing = Listing(stores.deliveries, rights_of(settings))
    state.deliveries, state.inbox, state.bell = stores.deliveries, stores.inbox, Bell()


def run_api() -> None:
    """Serve until stopped, with settings from the environment."""
    settings = NotifySettings()
    configure_logs("notify-api", settings.log_level)
    serve(build_api(settings), settings.host, settings.port)
