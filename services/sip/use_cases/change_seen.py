"""Changing one resource as it now stands, for a caller who need not say which version that is."""

from collections.abc import Callable
from typing import Final

import orjson

from services.chassis.outcome import Told
from services.sip.domain.errors import ChangedMeanwhile, StoreBusy
from services.sip.domain.exact_json import exact
from services.sip.domain.held import Resource
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.ports import Stored
from services.sip.use_cases.read_resource import check_scope, missed, sight_of
from services.sip.use_cases.write_once import write_once

ATTEMPTS: Final = 3


async def change_seen(key: str, change: Callable[[Resource], Resource], desk: Desk) -> Stored:
    """Store what `change` makes of it, again on top of whatever came between; raises NotFound, StoreBusy."""
    kind = key.partition("/")[0]
    await check_scope(kind, "r", desk.asking, desk.store)
    sight = sight_of(kind, desk.asking)
    for _ in range(ATTEMPTS):
        found = await desk.store.records.current(key, sight, desk.asking.now)
        if found is None:
            found = await missed(key, desk.asking, desk.store)
        try:
            as_seen = exact(found.body, orjson.loads(found.body))
            return await write_once([], [(change(as_seen), found.version)], desk)
        except ChangedMeanwhile:
            continue
    raise StoreBusy(Told("transient", "Others change this at the same moment; try again."))
