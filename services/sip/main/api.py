"""Wiring of `samplan sip api`."""

import contextlib
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version as installed_version

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter
from starlette.applications import Starlette
from starlette.routing import Route

from services.chassis.health import health_routes
from services.chassis.logs import configure_logs
from services.chassis.rate_limit import RateLimit
from services.chassis.request_metrics import (
    App,
    Receive,
    RequestMetrics,
    Scope,
    Send,
    metrics_endpoint,
    process_registry,
)
from services.chassis.server import serve
from services.chassis.tokens import TokenVerifier
from services.sip.api.application import api_application
from services.sip.domain.profiles import Profiles
from services.sip.domain.search_query import Condition
from services.sip.domain.shape import prepare as prepare_shapes
from services.sip.domain.terminology import Terminology
from services.sip.fhir.capability import capability_statement, smart_configuration
from services.sip.fhir.criteria import scope_condition
from services.sip.fhir.interactions import WRITTEN
from services.sip.fhir.routes import fhir_routes
from services.sip.main.failures import add_failure_handlers
from services.sip.main.policy import policy_of
from services.sip.main.published import published_contracts
from services.sip.measures.subjects import judged
from services.sip.settings import SipSettings
from services.sip.storage.connection import Client, Database, connect, database, prepare, reachable
from services.sip.storage.mongo_access_log import MongoAccessLog
from services.sip.storage.mongo_emergencies import MongoEmergencies
from services.sip.storage.mongo_handovers import MongoHandovers
from services.sip.storage.mongo_history import MongoHistory
from services.sip.storage.mongo_imports import MongoImports
from services.sip.storage.mongo_measure_figures import MongoMeasureFigures
from services.sip.storage.mongo_published import MongoPublished
from services.sip.storage.mongo_records import MongoRecords
from services.sip.storage.mongo_samples import MongoSamples
from services.sip.storage.mongo_sealed_log import MongoSealedLog
from services.sip.use_cases.drafts import Policy
from services.sip.use_cases.evaluate_measure import Judge
from services.sip.use_cases.handover_ports import Handovers
from services.sip.use_cases.import_ports import Imports
from services.sip.use_cases.measure_ports import FiguresStore
from services.sip.use_cases.open_in_emergency import Emergencies
from services.sip.use_cases.ports import Histories, Store
from services.sip.use_cases.sample_ports import Samples
from services.sip.use_cases.seal_ports import SealedLog


@dataclass(frozen=True)
class Wired:
    """What the ways in are handed."""

    verifier: TokenVerifier
    store: Store
    histories: Histories
    figures: FiguresStore
    seals: SealedLog
    emergencies: Emergencies
    samples: Samples
    imports: Imports
    handovers: Handovers
    terminology: Terminology
    profiles: Profiles
    policy: Policy
    scope_query: Callable[[str, str, datetime], Condition | None]
    judge: Judge
    refused_tokens: Counter
    clock: Callable[[], float]


MakeStore = Callable[[Client, Database, float], Store]


def mongo_store(client: Client, db: Database, deadline: float) -> Store:
    """Make the record store and the access log as they are served."""
    return Store(MongoRecords(client, db, deadline=deadline), MongoAccessLog(db))


def build_api(settings: SipSettings, make_store: MakeStore = mongo_store) -> App:
    """Make the application of `samplan sip api`; the bench alone makes its store otherwise."""
    client = connect(settings.mongo_url)
    db = database(client, settings.mongo_database)
    registry = process_registry()
    stores = (
        make_store(client, db, settings.commit_deadline_seconds),
        MongoHistory(db),
        MongoMeasureFigures(db),
        MongoSealedLog(client, db),
        MongoEmergencies(client, db),
        MongoSamples(db),
        MongoImports(db),
        MongoHandovers(db),
    )
    wired = _wired(settings, stores, registry)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await prepare(db)
        prepare_shapes(WRITTEN)
        await MongoPublished(db).publish(published_contracts(), datetime.now(UTC))
        await wired.verifier.fetch_keys()
        yield
        client.close()

    app = api_application(installed_version("samplan"), lifespan, wired)
    checks = {"mongo": lambda: reachable(client), "keys": wired.verifier.fetch_keys}
    app.router.routes.extend(health_routes(checks))
    app.router.routes.append(Route("/metrics", metrics_endpoint(registry)))
    fhir = _fhir(settings, wired, app.version)
    for one in (app, fhir):
        add_failure_handlers(one)
    return RequestMetrics("sip", registry).middleware(_split(fhir, app))


def _fhir(settings: SipSettings, wired: Wired, version: str) -> Starlette:
    smart = smart_configuration([one.trusted() for one in settings.issuers], settings.token_url)
    statement = capability_statement(wired.policy.base, version, wired.profiles)
    return Starlette(routes=fhir_routes(wired, statement, smart))


def _split(fhir: App, rest: App) -> App:
    """Send /fhir past FastAPI's machinery, which would cost more than the rest of a read together."""

    async def split(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        chosen = fhir if path == "/fhir" or path.startswith("/fhir/") else rest
        await chosen(scope, receive, send)

    return split


def _wired(
    settings: SipSettings,
    stores: tuple[Store, Histories, FiguresStore, SealedLog, Emergencies, Samples, Imports, Handovers],
    registry: CollectorRegistry,
) -> Wired:
    base = settings.public_base.rstrip("/")
    published = published_contracts()
    terminology = Terminology(published)
    return Wired(
        TokenVerifier(
            [one.trusted() for one in settings.issuers],
            base,
            clock=time.time,
            monotonic=time.monotonic,
            limit=RateLimit(settings.client_requests_per_second, time.monotonic),
        ),
        *stores,
        terminology,
        Profiles(published, terminology),
        policy_of(settings),
        lambda kind, query, now: scope_condition(kind, query, f"{base}/fhir", now),
        judged,
        Counter("sip_tokens_refused", "Requests without a token that holds.", ("error",), registry=registry),
        time.time,
    )


def run_api() -> None:
    """Serve the API until stopped."""
    settings = SipSettings()
    configure_logs("sip-api", settings.log_level)
    serve(build_api(settings), settings.host, settings.port)
