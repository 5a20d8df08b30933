"""Are the stored readers those that the rules give? Every record is judged anew, and each difference named."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from services.sip.domain.circle import readers_of_record
from services.sip.domain.emergency import Opening
from services.sip.domain.held import Directory, Reader, Record


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


async def verify_readers(records: WholeRecords) -> Verdict:
    """Compare what is stored with what `readers_of_record` gives, for every person."""
    verdict = Verdict()
    async for one in records.all():
        verdict.persons += 1
        verdict.resources += len(one.record)
        verdict.differences += differences(one)
    return verdict


def differences(one: WholeRecord) -> list[Difference]:
    """Give the resources of one record whose stored readers differ."""
    computed = readers_of_record(one.record, one.directory, one.units, one.openings)
    return [
        Difference(key, held.readers, computed[key])
        for key, held in sorted(one.record.items())
        if held.readers != computed[key]
    ]


def _told(reader: Reader) -> str:
    return f"{reader.unit} {reader.start.isoformat()}–{reader.end.isoformat()}"
