"""Laying resources straight into the store, by the very builder of documents that every write uses.

The rules of care are passed by, so this is for trying and measuring how things are found.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import orjson

from services.chassis.principal import Principal
from services.sip.domain.held import Place, Reader
from services.sip.domain.references import keys_referred_to
from services.sip.domain.resource_types import TYPES, Kind, person_of
from services.sip.domain.search_entries import entries_of
from services.sip.storage.documents import version_document
from services.sip.use_cases.ports import NewVersion

Resource = dict[str, Any]


def documents(resources: Iterable[Resource], unit: str) -> Iterator[dict[str, Any]]:
    """Give the stored form of resources that have id and meta, as written by one unit and readable to it alone."""
    giver = unit.rpartition("-")[0]
    by = Principal(f"{unit}-p", "test", scopes=("user/*.cruds",), unit=unit, giver=giver)
    for resource in resources:
        key = f"{resource['resourceType']}/{resource['id']}"
        personal = TYPES[resource["resourceType"]].kind is Kind.PERSON
        version = NewVersion(
            key=key,
            version=1,
            at=datetime.fromisoformat(resource["meta"]["lastUpdated"]),
            seq=1,
            body=orjson.dumps(resource),
            patient=_person(key, resource) if personal else None,
            own=Place(unit, giver),
            place=Place(),
            readers=(Reader(unit),) if personal else (),
            entries=entries_of(resource),
            identities=(),
            changes=(),
            caller=by,
            reason="laid in",
        )
        yield version_document(version)


def _person(key: str, resource: Resource) -> str | None:
    """What names no person itself is about the one it refers to anywhere."""
    named = sorted(one for one in keys_referred_to(resource) if one.startswith("Patient/"))
    return person_of(key, resource) or (named[0] if named else None)
