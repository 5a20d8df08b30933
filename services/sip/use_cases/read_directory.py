"""The directory rows that resources speak of, and those these stand on: role, person, unit, care giver."""

from collections.abc import Iterable

import orjson

from services.sip.domain.held import Resource
from services.sip.domain.references import keys_referred_to
from services.sip.domain.resource_types import TYPES, Kind
from services.sip.use_cases.ports import Store

DEPTH = 5
"""Role, unit, two levels above it, care giver: no directory is nested deeper."""


async def read_directory(resources: Iterable[Resource], store: Store) -> dict[str, Resource]:
    """Give them by `Type/id`; nothing in the directory is about a resident, so no access is recorded."""
    directory: dict[str, Resource] = {}
    wanted = {key for resource in resources for key in keys_referred_to(resource)}
    for _ in range(DEPTH):
        missing = {key for key in wanted - directory.keys() if _is_directory(key)}
        if not missing:
            break
        found = {key: orjson.loads(row.body) for key, row in (await store.records.directory(missing)).items()}
        directory |= found
        wanted = {key for row in found.values() for key in keys_referred_to(row)}
    return directory


def _is_directory(key: str) -> bool:
    row = TYPES.get(key.partition("/")[0])
    return row is not None and row.kind is Kind.DIRECTORY
