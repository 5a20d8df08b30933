"""A record store that is a dictionary: enough for use cases, and fast enough to try thousands of writes."""

import itertools
import uuid
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import orjson

from services.chassis.principal import Principal
from services.sip.domain.codes import HSA_ID, ORGANIZATION_TYPE, UNIT_KIND
from services.sip.domain.held import Held, Reader
from services.sip.domain.resource_types import BULK
from services.sip.domain.search_entries import Entries
from services.sip.use_cases.drafts import Draft, Policy, Written
from services.sip.use_cases.ports import Access, Asking, Moment, NewVersion, Store, Stored
from services.sip.use_cases.verify_readers import WholeRecord
from services.sip.use_cases.write_resources import write_resources

T = TypeVar("T")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class RecordsInMemory:
    """Stands in for the record store, the access log, and the whole records that are verified."""

    current: dict[str, Held] = field(default_factory=dict)
    units: dict[str, set[str]] = field(default_factory=dict)
    accesses: list[Access] = field(default_factory=list)
    seq: int = 0

    async def writing(
        self, persons: Sequence[str], asking: Asking, work: Callable[[Any], Awaitable[T]], *_guards: object
    ) -> T:
        return await work(_Transaction(self, persons, asking))

    async def identified(self, identities: Collection[str], *_sight: object) -> dict[str, Stored]:  # noqa: ARG002 - nobody is registered twice
        return {}

    async def patients_of(self, keys: Collection[str]) -> dict[str, str | None]:
        return {key: self.current[key].patient for key in keys if key in self.current}

    async def record(self, accesses: Sequence[Access]) -> None:
        self.accesses += accesses

    def whole(self, person: str) -> WholeRecord:
        record = {key: held for key, held in self.current.items() if held.patient == person}
        directory = {key: held for key, held in self.current.items() if held.patient is None}
        return WholeRecord(person, self.units[person], record, directory)


class _Transaction:
    def __init__(self, records: RecordsInMemory, persons: Sequence[str], asking: Asking) -> None:
        self._records, self._unit = records, asking.caller.unit or ""
        self._fresh = {one: self._unit not in records.units.get(one, set()) for one in persons}

    def moment(self, person: str | None) -> Moment:
        if person is None:
            return Moment(NOW)
        units = self._records.units.get(person, set()) | {self._unit}
        at = NOW + timedelta(milliseconds=self._records.seq)
        return Moment(at, self._records.seq, self._fresh[person], frozenset(units))

    async def held(self, keys: Collection[str]) -> dict[str, Held]:
        return {key: self._records.current[key] for key in keys if key in self._records.current}

    async def records_of(self, persons: Collection[str], opened: Collection[str] = ()) -> dict[str, Held]:
        return {
            key: held
            for key, held in self._records.current.items()
            if held.patient in persons and (held.patient in opened or held.type not in BULK)
        }

    async def shield(self, masking: Collection[str], unmasking: Collection[str]) -> None:
        """Nothing is shown from here, so nothing needs masking."""

    async def store(
        self,
        versions: Sequence[NewVersion],
        readers: Mapping[str, tuple[Reader, ...]],
        entries: Mapping[str, Entries],  # noqa: ARG002 - nothing is searched here
        accesses: Sequence[Access],
    ) -> None:
        self._records.seq += 1
        self._records.accesses += accesses
        for one in self._fresh:
            self._records.units.setdefault(one, set()).add(self._unit)
        for new in versions:
            self._records.current[new.key] = Held(
                new.key, new.version, orjson.loads(new.body), new.patient, new.own, new.place, new.readers
            )
        for key, rights in readers.items():
            self._records.current[key] = replace(self._records.current[key], readers=rights)


@dataclass
class Desk:
    """A short way to write into such a store."""

    records: RecordsInMemory = field(default_factory=RecordsInMemory)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def write(self, by: Principal, *resources: dict[str, Any]) -> list[str]:
        """Write in one transaction; what has an id replaces its newest version. Gives the keys."""
        return [one.stored.key for one in await self.written(by, *resources)]

    async def written(self, by: Principal, *resources: dict[str, Any]) -> list[Written]:
        policy = Policy("https://samplan.test/fhir", lambda: str(next(self.ids)))
        store = Store(self.records, self.records)  # type: ignore[arg-type]  # as much of them as writes need
        return await write_resources([self._draft(one) for one in resources], Asking(by, NOW), store, policy)

    def _draft(self, resource: dict[str, Any]) -> Draft:
        content = orjson.loads(orjson.dumps(resource))
        url, number = content.pop("_url", None), content.get("id")
        kind = content["resourceType"]
        replaces = self.records.current[f"{kind}/{number}"].version if number else None
        return Draft(kind, content, orjson.loads(orjson.dumps(content)), number, replaces, url)


def urn(name: str) -> str:
    """Give the temporary address of a thing within one transaction."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}"


def organization(hsa: str, kind: str, parent: str | None = None, unit: str = "") -> dict[str, Any]:
    """Make a care giver, or a unit of one; `urn(hsa)` refers to it."""
    types = [{"coding": [{"system": ORGANIZATION_TYPE, "code": kind}]}]
    types += [{"coding": [{"system": UNIT_KIND, "code": unit}]}] if unit else []
    made = {"resourceType": "Organization", "name": hsa, "type": types, "_url": urn(hsa)}
    made |= {"identifier": [{"system": HSA_ID, "value": hsa}]}
    return made | ({"partOf": {"reference": urn(parent)}} if parent else {})
