"""Are the stored readers those that the rules give? Every record is judged anew, and each difference named."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from services.sip.domain.circle import readers_of_record
from services.sip.domain.emergency import Opening
from services.sip.domain.held import ALWAYS, Directory, Reader, Record, merged
from services.sip.domain.minors import Ages


@dataclass(frozen=True, slots=True)
class WholeRecord:
    """One person's record at one moment: every current resource, the units that ever wrote, the directory."""

    person: str
    units: Collection[str]
    record: Record
    directory: Directory
    openings: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A resource whose stored readers are not those that the rules give."""

    key: str
    stored: Sequence[Reader]
    computed: Sequence[Reader]

    def __str__(self) -> str:
        """Name the resource, who reads it without right, and who is shut out."""
        wrongly = ", ".join(_told(one) for one in self.stored if one not in self.computed) or "nobody"
        lacking = ", ".join(_told(one) for one in self.computed if one not in self.stored) or "nobody"
        return f"{self.key}: without right {wrongly}; shut out {lacking}"


@dataclass(slots=True)
class Verdict:
    """What was looked at, and what differed."""

    persons: int = 0
    resources: int = 0
    differences: list[Difference] = field(default_factory=list)


class WholeRecords(Protocol):
    """Every record, each as it was at one moment."""

    def all(self) -> AsyncIterator[WholeRecord]:
        """Give them one by one."""


async def verify_readers(records: WholeRecords, now: datetime, ages: Ages) -> Verdict:
    """Compare what is stored with what `readers_of_record` gives, for every person, from now on."""
    verdict = Verdict()
    async for one in records.all():
        verdict.persons += 1
        verdict.resources += len(one.record)
        verdict.differences += differences(one, now, ages)
    return verdict


def differences(one: WholeRecord, now: datetime = ALWAYS, ages: Ages = Ages()) -> list[Difference]:  # noqa: B008 - frozen
    """Give the resources of one record whose stored readers differ, from a time on: what is over lets nobody read."""
    computed = readers_of_record(one.record, one.directory, one.units, one.openings, ages)
    return [
        Difference(key, held.readers, computed[key])
        for key, held in sorted(one.record.items())
        if _since(held.readers, now) != _since(computed[key], now)
    ]


def _since(readers: Sequence[Reader], now: datetime) -> tuple[Reader, ...]:
    return merged([replace(one, start=max(one.start, now)) for one in readers])


def _told(reader: Reader) -> str:
    return f"{reader.unit} {reader.start.isoformat()}–{reader.end.isoformat()}"
