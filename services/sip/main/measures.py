"""Wiring of `samplan sip measures`: the business figures, computed, published and kept."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from services.chassis.logs import configure_logs
from services.chassis.request_metrics import App, process_registry
from services.chassis.server import serve
from services.sip.main.holder import lease_holder
from services.sip.measures.measuring import Measuring, Pace
from services.sip.measures.process import build_measures_app
from services.sip.settings import SipSettings
from services.sip.storage.connection import connect, database, prepare, reachable
from services.sip.storage.mongo_doctors import MongoDoctors
from services.sip.storage.mongo_lease import MongoLease
from services.sip.storage.mongo_measure_figures import MongoMeasureFigures
from services.sip.storage.mongo_measure_rows import MongoMeasureRows
from services.sip.storage.mongo_measure_source import MongoMeasureSource
from services.sip.storage.mongo_published_months import MongoPublishedMonths


def build_measures(settings: SipSettings) -> App:
    """Make the application of `samplan sip measures`."""
    client = connect(settings.mongo_url)
    db = database(client, settings.mongo_database)
    measuring = Measuring(
        source=MongoMeasureSource(client, db),
        rows=MongoMeasureRows(client, db),
        store=MongoMeasureFigures(db),
        lease=MongoLease(db, "measures"),
        clock=lambda: datetime.now(UTC),
        holder=lease_holder(),
        doctors=MongoDoctors(db),
        pace=Pace(lease=settings.measures_lease_seconds),
        months=MongoPublishedMonths(db),
    )

    @asynccontextmanager
    async def opened() -> AsyncIterator[None]:
        await prepare(db)
        yield
        client.close()

    return build_measures_app(measuring, process_registry(), lambda: reachable(client), opened)


def run_measures() -> None:
    """Compute and publish until stopped."""
    settings = SipSettings()
    configure_logs("sip-measures", settings.log_level)
    serve(build_measures(settings), settings.host, settings.port)
