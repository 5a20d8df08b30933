"""What the service itself publishes: Measures, MeasureReports; read and searched like every other resource."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bson.binary import Binary
from pymongo import ReplaceOne, UpdateOne

from services.sip.domain.exact_json import dumped
from services.sip.domain.held import Resource
from services.sip.domain.search_entries import entries_of
from services.sip.storage.connection import Database
from services.sip.storage.documents import search_fields
from services.sip.use_cases.new_versions import instant


class MongoPublished:
    """Puts resources of our own making into the record store; each has one version, replaced by the next."""

    def __init__(self, db: Database) -> None:
        """Take the database."""
        self._db = db

    async def publish(self, resources: Sequence[Resource], at: datetime) -> None:
        """Store each resource under its id; one that is there already, the same, keeps its time."""
        documents = [_document(resource, at) for resource in resources]
        there = {"_id": {"$in": [one["_id"] for one in documents]}}
        found = await self._db.records.find(there, {"content": 1}).to_list(None)
        same = {one["_id"]: one.get("content") for one in found}
        changed = [one for one in documents if same.get(one["_id"]) != bytes(one["content"])]
        if changed:
            writes: list[ReplaceOne[Any] | UpdateOne] = [
                ReplaceOne({"_id": one["_id"]}, one, upsert=True) for one in changed
            ]
            await self._db.records.bulk_write(writes, ordered=False)


def _document(resource: Resource, at: datetime) -> dict[str, Any]:
    key = f"{resource['resourceType']}/{resource['id']}"
    meta = resource.get("meta", {}) | {"versionId": "1", "lastUpdated": instant(at)}
    rest = {name: value for name, value in resource.items() if name not in {"resourceType", "id", "meta"}}
    body = {"resourceType": resource["resourceType"], "id": resource["id"], "meta": meta, **rest}
    return {
        "_id": f"{key}/1",
        "key": key,
        "type": resource["resourceType"],
        "id": resource["id"],
        "version": 1,
        "at": at,
        "seq": 0,
        "current": True,
        "patient": None,
        "body": Binary(dumped(body)),
        "content": Binary(dumped(rest)),
        "readers": [],
        **search_fields(entries_of(body)),
    }
