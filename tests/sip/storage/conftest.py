"""The record store on a real mongod, with a directory of two care givers written through the one way in."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from services.chassis.principal import Principal
from services.sip.domain.codes import HSA_ID, ORGANIZATION_TYPE, PERSONNUMMER, UNIT_KIND
from services.sip.storage.connection import Database, connect, database, prepare
from services.sip.storage.mongo_access_log import MongoAccessLog
from services.sip.storage.mongo_records import MongoRecords
from services.sip.use_cases.drafts import Draft, Policy, Written
from services.sip.use_cases.ports import Asking, Store
from services.sip.use_cases.write_resources import write_resources

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SCOPES = ("user/*.cruds",)
NURSE = Principal("nurse", "test", scopes=SCOPES, employee="SE-K-e1", unit="SE-K-unit", giver="SE-K")
DOCTOR = Principal("doctor", "test", scopes=SCOPES, employee="SE-R-e1", unit="SE-R-unit", giver="SE-R")
NUMBER = "201701012393"  # Skatteverket's test series


@dataclass(frozen=True)
class Keeper:
    """The store and a short way to write into it."""

    store: Store
    db: Database
    policy: Policy

    async def write(
        self, *resources: dict[str, Any], by: Principal = NURSE, replaces: int | None = None
    ) -> list[str]:
        """Write resources in one transaction; gives their keys."""
        return [one.stored.key for one in await self.written(*resources, by=by, replaces=replaces)]

    async def written(
        self, *resources: dict[str, Any], by: Principal = NURSE, replaces: int | None = None
    ) -> list[Written]:
        """Write resources in one transaction; gives what came of each."""
        drafts = [_draft(dict(one), replaces) for one in resources]
        return await write_resources(drafts, Asking(by, NOW), self.store, self.policy)


def _draft(resource: dict[str, Any], replaces: int | None) -> Draft:
    url = resource.pop("_url", None)
    number = resource.get("id") if replaces else None
    return Draft(resource["resourceType"], dict(resource), dict(resource), number, replaces, url)


def organization(
    name: str, kind: str, parent: str | None = None, unit_kind: str | None = None
) -> dict[str, Any]:
    """Make a care giver, or a unit of one."""
    types = [{"coding": [{"system": ORGANIZATION_TYPE, "code": kind}]}]
    if unit_kind:
        types.append({"coding": [{"system": UNIT_KIND, "code": unit_kind}]})
    made = {
        "resourceType": "Organization", "name": name, "type": types,
        "identifier": [{"system": HSA_ID, "value": name}],
    }  # fmt: skip
    return made | ({"partOf": {"reference": parent}} if parent else {})


def patient(number: str = NUMBER) -> dict[str, Any]:
    """Make a resident."""
    return {"resourceType": "Patient", "identifier": [{"system": PERSONNUMMER, "value": number}]}


@pytest.fixture
async def keeper(mongo_url: str) -> AsyncIterator[Keeper]:
    """Give an empty store of its own."""
    client = connect(mongo_url)
    db = database(client, f"test_{uuid.uuid4().hex}")
    await prepare(db)
    store = Store(MongoRecords(client, db, deadline=20), MongoAccessLog(db))
    yield Keeper(store, db, Policy("https://samplan.test/fhir", lambda: str(uuid.uuid4())))
    await client.drop_database(db.name)
    client.close()
