"""Wiring of `samplan sip relay`: the relay at work, with its health and metrics."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry
from starlette.applications import Starlette
from starlette.routing import Route

from services.chassis.health import health_routes
from services.chassis.logs import configure_logs
from services.chassis.request_metrics import App, metrics_endpoint, process_registry
from services.chassis.server import serve
from services.chassis.service_token import ServiceToken
from services.chassis.signing_key import SigningKey
from services.sip.fhir.criteria import scope_condition
from services.sip.main.holder import lease_holder
from services.sip.main.policy import policy_of
from services.sip.outbound.attending import Attending, attending_metrics
from services.sip.outbound.clock import Clock, clock_metrics
from services.sip.outbound.handing_over import HandingOver, Hands, handover_metrics
from services.sip.outbound.relay import Relay, relay_metrics
from services.sip.outbound.sealing import HeldLease, Sealing, sealing_metrics
from services.sip.settings import SipSettings
from services.sip.storage.connection import Client, Database, connect, database, prepare, reachable
from services.sip.storage.mongo_access_log import MongoAccessLog
from services.sip.storage.mongo_alarms import MongoAlarms
from services.sip.storage.mongo_attention import MongoAttention
from services.sip.storage.mongo_handovers import MongoHandovers
from services.sip.storage.mongo_lease import MongoLease
from services.sip.storage.mongo_outbox import MongoOutbox
from services.sip.storage.mongo_records import MongoRecords
from services.sip.storage.mongo_sealed_log import MongoSealedLog
from services.sip.use_cases.drafts import Policy
from services.sip.use_cases.ports import Store

log = logging.getLogger(__name__)


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
    policy = policy_of(settings)
    relay = Relay(outbox, token, settings.notify_url, policy.base, metrics)
    lease = HeldLease(MongoLease(db, "clock"), lease_holder())
    clock = Clock(MongoAlarms(db), lease, lambda: datetime.now(UTC), clock_metrics(registry))
    store = Store(MongoRecords(client, db, deadline=settings.commit_deadline_seconds), MongoAccessLog(db))
    handing_over = _handing_over(db, store, policy, registry)
    attending = _attending(db, store, policy, registry)
    sealing, sealing_figures = _sealing(settings, client, db), sealing_metrics(registry)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await prepare(db)
        tasks = [
            asyncio.create_task(relay.run(settings.relay_poll_seconds)),
            asyncio.create_task(clock.run(settings.clock_seconds)),
            asyncio.create_task(handing_over.run(settings.relay_poll_seconds)),
            asyncio.create_task(attending.run(settings.attention_seconds, lambda: datetime.now(UTC))),
        ]
        if sealing is not None:
            tasks.append(asyncio.create_task(sealing.run(settings.seal_every_seconds, sealing_figures)))
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        client.close()

    routes = [
        *health_routes({"mongo": lambda: reachable(client)}),
        Route("/metrics", metrics_endpoint(registry)),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _sealing(settings: SipSettings, client: Client, db: Database) -> Sealing | None:
    """Sealing shares the relay's process and not its lease: either goes on when the other cannot."""
    if not settings.seal_key:
        log.warning("access_log_not_sealed", extra={"reason": "SAMPLAN_SIP_SEAL_KEY is not set"})
        return None
    key = SigningKey(settings.seal_key, settings.seal_earlier_keys)
    lease = HeldLease(MongoLease(db, "seal"), lease_holder())
    store = MongoSealedLog(client, db)
    return Sealing(store, lease, key, lambda: datetime.now(UTC), settings.seal_roots_file)


def _handing_over(db: Database, store: Store, policy: Policy, registry: CollectorRegistry) -> HandingOver:
    """Jobs are carried out here and not in the api: they last, and no request may wait for them."""
    me = lease_holder()
    hands = Hands(
        store,
        policy,
        lambda kind, query, now: scope_condition(kind, query, policy.base, now),
        lambda: datetime.now(UTC),
    )
    return HandingOver(
        MongoHandovers(db),
        hands,
        lambda job: HeldLease(MongoLease(db, f"handover/{job}"), me),
        handover_metrics(registry),
    )


def _attending(db: Database, store: Store, policy: Policy, registry: CollectorRegistry) -> Attending:
    lease = HeldLease(MongoLease(db, "attention"), lease_holder())
    return Attending(MongoAttention(db), (store, policy), lease, attending_metrics(registry))


def run_relay() -> None:
    """Relay until stopped."""
    settings = SipSettings()
    configure_logs("sip-relay", settings.log_level)
    serve(build_relay(settings), settings.host, settings.port)
