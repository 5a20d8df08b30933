"""Reading one version (vread): whoever may see the resource as it is now may see what it was."""

import orjson

from services.sip.domain.errors import gone, not_found
from services.sip.domain.sight import Sight
from services.sip.use_cases.ports import Asking, Store, Stored
from services.sip.use_cases.read_resource import (
    accessed,
    check_scope,
    look_behind,
    read_resource,
    sight_of_key,
)


async def read_version(key: str, version: int, asking: Asking, store: Store) -> Stored:
    """Give that version; raises NotFound when it is not there or not to be seen, Gone for that of a deletion."""
    newest = await newest_version(key, asking, store)
    sight = sight_of_key(key, asking)
    found = await store.records.version(key, version, sight) if version <= newest else None
    if found is None or not within_sight(found, sight):
        raise not_found(f"{key}/_history/{version}")
    if found.deleted:
        raise gone(key)
    return found


async def newest_version(key: str, asking: Asking, store: Store) -> int:
    """Give the number of the newest version to who may see the history; raises NotFound, Gone.

    The history of what was deleted is shown to the person and to the unit that wrote it: the rights of others
    rested on consents and memberships that nobody reckons with any more.
    """
    kind = key.split("/", maxsplit=1)[0]
    await check_scope(kind, "r", asking, store)
    sight = sight_of_key(key, asking)
    reader = sight.reader
    if kind == "AuditEvent":
        return (await read_resource(key, asking, store)).version
    if current := await store.records.current(key, sight, asking.now):
        await store.log.record([accessed(asking, "R", current, "care relation" if reader else "directory")])
        return current.version
    behind = await look_behind(key, asking, store)
    if behind is None or not behind.deleted or not behind.lets(sight, asking.now):
        raise not_found(key)
    if reader not in {None, behind.own_unit, behind.patient}:
        raise gone(key)
    return behind.version


def within_sight(version: Stored, sight: Sight) -> bool:
    """Tell whether the scopes' queries find this version, which may have been another than the newest is."""
    if not sight.narrows(version.key.partition("/")[0]):
        return True
    return not version.deleted and sight.covers(orjson.loads(version.body), version.at)
