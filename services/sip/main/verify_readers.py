"""Wiring of `samplan sip verify-readers`."""

import asyncio

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
        return await verify_readers(MongoWholeRecords(client, database(client, settings.mongo_database)))
    finally:
        client.close()
