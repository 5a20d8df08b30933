"""Wiring of `samplan sip verify-readers`."""

import asyncio
from datetime import UTC, datetime

from services.sip.domain.minors import Ages
from services.sip.settings import SipSettings
from services.sip.storage.connection import connect, database
from services.sip.storage.mongo_whole_records import MongoWholeRecords
from services.sip.use_cases.verify_readers import Verdict, verify_readers


def run_verify_readers() -> Verdict:
    """Judge every record of the configured database anew."""
    return asyncio.run(_verdict(SipSettings()))


async def _verdict(settings: SipSettings) -> Verdict:
    client = connect(settings.mongo_url)
    try:
        records = MongoWholeRecords(client, database(client, settings.mongo_database))
        ages = Ages(settings.own_access_from_age, settings.guardian_access_until_age)
        return await verify_readers(records, datetime.now(UTC), ages)
    finally:
        client.close()
