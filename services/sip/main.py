"""Wiring of sip's processes: settings are read, parts are made and handed to each other, here and nowhere else."""

import asyncio
import contextlib
import os
import socket
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from importlib.metadata import version as installed_version

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from services.chassis.health import health_routes
from services.chassis.logs import configure_logs
from services.chassis.outcome import Told
from services.chassis.problem import Problem
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
from services.chassis.service_token import ServiceToken
from services.chassis.tokens import TokenVerifier
from services.sip.api.application import api_application
from services.sip.domain.care import AgreedPractice
from services.sip.fhir.answers import refusal
from services.sip.fhir.capability import capability_statement, smart_configuration
from services.sip.fhir.routes import fhir_routes, unknown
from services.sip.outbound.relay import Relay, relay_metrics
from services.sip.settings import SipSettings
from services.sip.storage.connection import connect, database, prepare, reachable
from services.sip.storage.mongo_access_log import MongoAccessLog
from services.sip.storage.mongo_measure_figures import MongoMeasureFigures
from services.sip.storage.mongo_outbox import MongoOutbox
from services.sip.storage.mongo_records import MongoRecords
from services.sip.use_cases.drafts import Policy
from services.sip.use_cases.measure_ports import FiguresStore
from services.sip.use_cases.ports import Store


@dataclass(frozen=True)
class Wired:
    """What the ways in are handed."""

    verifier: TokenVerifier
    store: Store
    figures: FiguresStore
    policy: Policy
    refused_tokens: Counter
    clock: Callable[[], float]


def build_api(settings: SipSettings) -> App:
    """Make the application of `samplan sip api`."""
    client = connect(settings.mongo_url)
    db = database(client, settings.mongo_database)
    registry = process_registry()
    records = MongoRecords(client, db, deadline=settings.commit_deadline_seconds)
    wired = _wired(settings, Store(records, MongoAccessLog(db)), MongoMeasureFigures(db), registry)

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await prepare(db)
        await wired.verifier.fetch_keys()
        yield
        client.close()

    app = api_application(installed_version("samplan"), lifespan, wired)
    checks = {"mongo": lambda: reachable(client), "keys": wired.verifier.fetch_keys}
    app.router.routes.extend(health_routes(checks))
    app.router.routes.append(Route("/metrics", metrics_endpoint(registry)))
    fhir = _fhir(settings, wired, app.version)
    for one in (app, fhir):
        one.add_exception_handler(HTTPException, _http_error)
        one.add_exception_handler(Exception, _fault)
    return RequestMetrics("sip", registry).middleware(_split(fhir, app))


def _fhir(settings: SipSettings, wired: Wired, version: str) -> Starlette:
    smart = smart_configuration([one.trusted() for one in settings.issuers], settings.token_url)
    return Starlette(routes=fhir_routes(wired, capability_statement(wired.policy.base, version), smart))


def _split(fhir: App, rest: App) -> App:
    """Send /fhir past FastAPI's machinery, which would cost more than the rest of a read together."""

    async def split(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        chosen = fhir if path == "/fhir" or path.startswith("/fhir/") else rest
        await chosen(scope, receive, send)

    return split


def _wired(settings: SipSettings, store: Store, figures: FiguresStore, registry: CollectorRegistry) -> Wired:
    base = settings.public_base.rstrip("/")
    agreed = AgreedPractice(
        follow_up_date_required=settings.follow_up_date_required,
        what_matters_required=settings.what_matters_required,
    )
    return Wired(
        TokenVerifier(
            [one.trusted() for one in settings.issuers], base, clock=time.time, monotonic=time.monotonic
        ),
        store,
        figures,
        Policy(f"{base}/fhir", lambda: str(uuid.uuid4()), agreed),
        Counter("sip_tokens_refused", "Requests without a token that holds.", ("error",), registry=registry),
        time.time,
    )


async def _http_error(request: Request, error: Exception) -> Response:
    """Answer a path or method that no route has, each way in as it answers everything."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if request.url.path.startswith("/fhir"):
        return unknown(status, request.url.path)
    detail = str(getattr(error, "detail", "")) or "Not served."
    return Problem(status, "Not served", f"{detail}: see /docs for what is.")


async def _fault(request: Request, _error: Exception) -> Response:
    """Answer a fault of our own: what happened stands in the log, not in the answer."""
    text = (
        "Something went wrong on our side; nothing was changed unless you are told so elsewhere. Try again."
    )
    if request.url.path.startswith("/fhir"):
        return refusal(500, [Told("exception", text)])
    return Problem(500, "Fault", text)


def run_api() -> None:
    """Serve the API until stopped."""
    settings = SipSettings()
    configure_logs("sip-api", settings.log_level)
    serve(build_api(settings), settings.host, settings.port)


def build_relay(settings: SipSettings) -> App:
    """Make the application of `samplan sip relay`: the relay at work, with its health and metrics."""
    client = connect(settings.mongo_url)
    db = database(client, settings.mongo_database)
    registry = process_registry()
    metrics = relay_metrics(registry)
    outbox = MongoOutbox(db, f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}")
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
