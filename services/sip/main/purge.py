"""Wiring of `samplan sip purge`."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from services.sip.domain.minors import Ages
from services.sip.domain.retention import Retention, Terms
from services.sip.settings import RetentionSetting, SipSettings
from services.sip.storage.connection import connect, database, prepare
from services.sip.storage.mongo_purge import MongoPurge
from services.sip.use_cases.purge import Order, Purged, destroy, purge

T = TypeVar("T")


def run_purge() -> Purged:
    """Purge what is over in the configured database."""
    settings = SipSettings()
    own = {giver: _terms(one) for giver, one in settings.retention_of.items()}
    retention = Retention(_terms(settings.retention), own)
    return asyncio.run(
        _with(settings, lambda store: purge(retention, _ages(settings), datetime.now(UTC), store))
    )


def run_destroy(person: str, giver: str, order: str) -> int:
    """Destroy a care giver's record about a person in the configured database."""
    settings = SipSettings()
    ordered = Order(order, f"Patient/{person}", giver)
    return asyncio.run(
        _with(settings, lambda store: destroy(ordered, _ages(settings), datetime.now(UTC), store))
    )


async def _with(settings: SipSettings, work: Callable[[MongoPurge], Awaitable[T]]) -> T:
    client = connect(settings.mongo_url)
    db = database(client, settings.mongo_database)
    try:
        await prepare(db)
        return await work(MongoPurge(client, db))
    finally:
        client.close()


def _terms(setting: RetentionSetting) -> Terms:
    return Terms(setting.log, setting.health, setting.social)


def _ages(settings: SipSettings) -> Ages:
    return Ages(settings.own_access_from_age, settings.guardian_access_until_age)
