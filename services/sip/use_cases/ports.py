"""What the use cases need from the outside, as protocols; storage implements them."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from services.chassis.principal import Principal
from services.sip.domain.emergency import Opening
from services.sip.domain.events import Change
from services.sip.domain.held import Held, Place, Reader
from services.sip.domain.history_query import HistoryQuery
from services.sip.domain.search_entries import Entries
from services.sip.domain.search_query import Condition, Cursor, SearchQuery
from services.sip.domain.sight import MASKING, Sight
from services.sip.use_cases.log_reader import LogReader

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stored:
    """One version as it is handed out: JSON bytes, version, and when it was written."""

    key: str
    version: int
    at: datetime
    body: bytes
    patient: str | None = None
    deleted: bool = False
    fingerprint: str = ""
    """Of the repeatable request that created it, on the first version alone."""


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a key, whoever may read it: whose it is, its newest version, and whether it is deleted."""

    version: int
    patient: str | None
    deleted: bool
    own_unit: str | None
    readers: tuple[Reader, ...]

    def lets(self, sight: Sight, now: datetime) -> bool:
        """Tell whether the caller may know of it; what it was found by is gone with it, so no narrower scope lets."""
        reader = sight.reader
        return not sight.within and (
            reader is None or any(one.unit == reader and one.holds_at(now) for one in self.readers)
        )


@dataclass(frozen=True, slots=True)
class Moment:
    """A person's next place in time: monotone for the person, told by the database.

    `fresh` when the acting unit writes in this record for the first time; `units` are all that ever did;
    `openings` are the emergencies in which the record was opened.
    """

    at: datetime
    seq: int = 0
    fresh: bool = False
    units: frozenset[str] = frozenset()
    openings: tuple[Opening, ...] = ()


@dataclass(frozen=True, slots=True)
class NewVersion:
    """One version to store, complete."""

    key: str
    version: int
    at: datetime
    seq: int
    body: bytes
    patient: str | None
    own: Place
    place: Place
    readers: tuple[Reader, ...]
    entries: Entries
    identities: Sequence[str]
    changes: Sequence[Change]
    caller: Principal
    reason: str
    fingerprint: str = ""
    masked: bytes | None = None
    """How others see it where the person's identity is protected."""
    alarm: datetime | None = None
    """When time alone makes something of it worth telling."""
    deleted: bool = False
    """Its body is that of the version before, which an update that undeletes is judged by."""

    @property
    def stored(self) -> Stored:
        """Give it as it is handed out."""
        return Stored(self.key, self.version, self.at, self.body, self.patient, self.deleted)


@dataclass(frozen=True, slots=True)
class Access:
    """One access to one person's (or no person's) data, as the record keeps it. Action: C, R, U, D, S or E."""

    at: datetime
    caller: Principal
    action: str
    type: str
    person: str | None
    keys: Sequence[str]
    allowed: bool
    reason: str
    request_id: str = ""
    query: str = ""
    told: Sequence[str] = ()
    """Care givers and units beside the caller's own that are to know of it: an emergency concerns them."""


def _nothing(_kind: str, _query: str) -> None:
    """Understand no scope's query."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, when, under which request id, and the content's fingerprint where the request may be repeated.

    `understand` reads the query of a scope for a type; None, also by default, grants nothing.
    """

    caller: Principal
    now: datetime
    request_id: str = ""
    fingerprint: str = ""
    understand: Callable[[str, str], Condition | None] = _nothing


@dataclass(frozen=True, slots=True)
class Page:
    """One page of search hits; `cursor` continues after the last, `total` is known only when counted."""

    hits: Sequence[Stored]
    cursor: Cursor | None
    total: int | None = None
    included: Sequence[Stored] = ()


class WriteTransaction(Protocol):
    """One atomic write; every look-up in it sees the same state, and no one else writes these persons meanwhile."""

    def moment(self, person: str | None) -> Moment:
        """Give the person's next place in time."""

    async def held(self, keys: Collection[str]) -> dict[str, Held]:
        """Look up current versions, whoever may read them."""

    async def records_of(self, persons: Collection[str], opened: Collection[str] = ()) -> dict[str, Held]:
        """Look up the persons' whole current records; the bulk types only of those who were opened."""

    async def deleted(self, keys: Collection[str]) -> dict[str, Held]:
        """Look up what was deleted and is still so, with the content it had."""

    async def is_mentioned(self, key: str, person: str | None) -> bool:
        """Tell whether one of the person's bulk types, or (no person) anything at all, refers to this."""

    async def matching(self, query: SearchQuery, sight: Sight, now: datetime) -> list[tuple[str, int]]:
        """Find key and version of what the reader may see and the criteria match, two at most."""

    async def store(
        self,
        versions: Sequence[NewVersion],
        readers: Mapping[str, tuple[Reader, ...]],
        entries: Mapping[str, Entries],
        accesses: Sequence[Access],
    ) -> None:
        """Add versions (each ends the one before), set changed readers and search entries, log the accesses."""

    async def shield(self, masking: Collection[str], unmasking: Collection[str]) -> None:
        """Mask all versions of these, and show the newest of those as it is."""


class Searching(Protocol):
    """Searches as one reader at one time."""

    async def page(self, query: SearchQuery) -> Page:
        """Find one page of current versions; raises TooCostly."""

    async def keys(self, query: SearchQuery, most: int) -> list[str]:
        """Give the keys of what a chain passes through, more than `most` when there are more."""

    async def targets(self, query: SearchQuery, param: str, kind: str, most: int) -> set[str]:
        """Give what of a type the matches refer to by a parameter, more than `most` when there are more."""

    async def visible(self, keys: Collection[str]) -> Sequence[Stored]:
        """Read those of the keys that the reader may see."""


class Records(Protocol):
    """The record store."""

    async def writing(
        self,
        persons: Sequence[str],
        asking: Asking,
        work: Callable[[WriteTransaction], Awaitable[T]],
        criteria: Sequence[str] = (),
    ) -> T:
        """Run one transaction, again when the store asks for it; no two with the same criteria at a time.

        Raises StoreBusy, IdentityTaken.
        """

    async def current(self, key: str, sight: Sight, now: datetime) -> Stored | None:
        """Read the newest version if the caller may see it."""

    async def version(self, key: str, version: int, sight: Sight = MASKING) -> Stored | None:
        """Read one version; call it only after `current` let the caller through."""

    async def anyone(self, key: str) -> Behind | None:
        """Look the newest version up whoever may read it, for the access record alone."""

    async def patients_of(self, keys: Collection[str]) -> dict[str, str | None]:
        """Tell which person each existing resource belongs to."""

    async def visible(
        self, person: str, types: Collection[str], sight: Sight, now: datetime
    ) -> Sequence[Stored]:
        """Read what the reader may see in one person's record, of these types."""

    async def directory(self, keys: Collection[str], within: Sight = MASKING) -> Mapping[str, Stored]:
        """Read directory rows, which any valid token may, but for what the scopes' queries leave out."""

    async def identified(self, identities: Collection[str], sight: Sight) -> dict[str, Stored]:
        """Find Patients by personal number (`system|value`)."""

    async def bearing(
        self, kind: str, identifiers: Collection[tuple[str, str]], sight: Sight, now: datetime
    ) -> Mapping[tuple[str, str], Sequence[Stored]]:
        """Find what of a type the reader may see bears one of the identifiers (system, value)."""

    async def deleted_among(self, keys: Collection[str]) -> frozenset[str]:
        """Tell which of the keys were deleted and are still so."""

    async def search(self, query: SearchQuery, sight: Sight, now: datetime) -> Page:
        """Find current versions that the reader may see."""

    def searching(self, sight: Sight, now: datetime) -> Searching:
        """Search what a caller may see."""


class Histories(Protocol):
    """Versions, newest first."""

    async def versions(self, keys: Collection[str], query: HistoryQuery, sight: Sight) -> Sequence[Stored]:
        """Read versions of these keys, one more than the page holds where there are more."""

    async def keys(self, types: Mapping[str, Sight], now: datetime, query: HistoryQuery) -> Sequence[str]:
        """Find the keys whose versions can stand on the page; `types` says for each what may be seen.

        Raises TooCostly.
        """


class AccessLog(Protocol):
    """The access log: durable before it returns."""

    async def record(self, accesses: Sequence[Access]) -> None:
        """Write the rows; several requests share one write."""

    async def search(self, query: SearchQuery, whose: LogReader) -> Page:
        """Find rows, as AuditEvents, in the part of the log that the reader may see."""

    async def entry(self, number: str, whose: LogReader) -> Stored | None:
        """Read one row of that part, as AuditEvent."""


class IdentityTaken(Exception):
    """Another Patient with the same personal number was stored meanwhile."""


@dataclass(frozen=True, slots=True)
class Store:
    """The two stores together, as use cases take them."""

    records: Records
    log: AccessLog
