"""Wiring of `samplan sip verify-log`."""

import asyncio
from pathlib import Path

import orjson

from services.chassis.signing_key import SigningKey
from services.sip.settings import SipSettings
from services.sip.storage.connection import connect, database
from services.sip.storage.mongo_sealed_log import MongoSealedLog
from services.sip.use_cases.verify_log import LogVerdict, roots_in, verify_log


def run_verify_log(published: str = "") -> LogVerdict:
    """Check the log of the configured database, against the published roots in a file where one is named."""
    settings = SipSettings()
    path = Path(published) if published else settings.seal_roots_file
    lines = path.read_text().splitlines() if path and path.exists() else []
    return asyncio.run(_verdict(settings, roots_in([orjson.loads(line) for line in lines])))


async def _verdict(settings: SipSettings, roots: dict[int, str]) -> LogVerdict:
    client = connect(settings.mongo_url)
    key = SigningKey(settings.seal_key, settings.seal_earlier_keys)
    try:
        return await verify_log(MongoSealedLog(client, database(client, settings.mongo_database)), key, roots)
    finally:
        client.close()
