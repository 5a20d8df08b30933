"""Reading one version (vread): whoever may see the resource as it is now may see what it was."""

from services.sip.domain.errors import not_found
from services.sip.use_cases.ports import Asking, Store, Stored
from services.sip.use_cases.read_resource import read_resource


async def read_version(key: str, version: int, asking: Asking, store: Store) -> Stored:
    """Give that version; raises NotFound when the resource or the version is not there or not to be seen."""
    current = await read_resource(key, asking, store)
    if current.version == version:
        return current
    found = await store.records.version(key, version)
    if found is None:
        raise not_found(f"{key}/_history/{version}")
    return found
