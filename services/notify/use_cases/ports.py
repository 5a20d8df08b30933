"""What the use cases need from outside: stores, channels and the record; main hands them in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.notify.domain.breaker import Breaker
from services.notify.domain.delivery import Attempt, Delivery, Letter, Outcome, State
from services.notify.domain.inbox import InboxEntry
from services.notify.domain.record_event import RecordEvent
from services.notify.domain.subscription import Owner, Status, Subscription
from services.notify.domain.ways import Ways


@dataclass(frozen=True, slots=True)
class Page:
    """What part of a list is asked for: at most so many, after the place where the last page ended."""

    count: int
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """A claimed lane: deliveries to one target about one person, held until its lease ends.

    `wake` changes whenever something is put into the lane; `waits` counts questions that went unanswered.
    """

    id: str
    target: str
    queue: str
    holder: str
    wake: str
    waits: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """May this unit know what happened to the focus, told in this much detail?"""

    unit: str
    focus: str
    topic: str
    payload: str
    giver: str | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The record's answer; the resource itself where the whole of it was asked for and may be known."""

    allowed: bool
    resource: dict[str, Any] | None = None


class Events(Protocol):
    """The events taken so far."""

    async def keep(self, batch: Sequence[RecordEvent], now: datetime) -> list[RecordEvent]:
        """Store them durably; give those whose deliveries have not all been written, new or interrupted."""

    async def mark_addressed(self, batch: Sequence[RecordEvent]) -> None:
        """Note that all their deliveries are written."""


class Subscriptions(Protocol):
    """The subscriptions; what an owner does not own does not exist."""

    async def add(self, held: Subscription) -> None:
        """Store a new one."""

    async def of_owner(self, subscription_id: str, owner: Owner) -> Subscription:
        """Read one; raises SubscriptionNotFound or SubscriptionDeleted."""

    async def known(self, subscription_id: str) -> Subscription | None:
        """Read one for sending; None when it was deleted."""

    async def search(
        self, owner: Owner, wanted: Mapping[str, Collection[str]], page: Page
    ) -> tuple[list[Subscription], str | None]:
        """List the owner's by `url`, `status` and `_id`, and where the next page begins."""

    async def count(self, owner: Owner, most: int) -> int:
        """Count the owner's, up to a most."""

    async def replace(self, held: Subscription, *, version: int) -> bool:
        """Store a new version if the current one is still this; the numbers go on undisturbed."""

    async def delete(self, held: Subscription) -> bool:
        """Leave only that it was there, if the version is still this."""

    async def become(
        self,
        subscription_id: str,
        status: Status,
        *,
        was: Collection[Status],
        error: str | None,
        now: datetime,
    ) -> bool:
        """Change the status, if it is one of these, as a new version."""

    async def wanting(self, batch: Sequence[RecordEvent]) -> list[Subscription]:
        """Read those that may want any of these events."""

    async def active_at(self, endpoint: str) -> list[Subscription]:
        """Read every active subscription to an endpoint."""

    async def told(self, subscription_id: str, now: datetime) -> None:
        """Note that something was taken, so that the next heartbeat is due a period later."""


class Numbers(Protocol):
    """The numbers of subscriptions' events."""

    async def number(self, subscription_id: str, delivery: str) -> int | None:
        """Give the delivery its number: the one it has, else the next; None without subscription or delivery."""


class Deliveries(Protocol):
    """Every delivery, pending or ended."""

    async def add(self, rows: Sequence[Delivery]) -> None:
        """Store those that are not there yet."""

    async def pending(self, lane: str, most: int) -> list[Delivery]:
        """Read what waits in a lane, in order."""

    async def bind(self, rows: Sequence[Delivery]) -> list[Delivery]:
        """Name them as those that go together; give them so named."""

    async def attempted(self, delivery: str, attempt: Attempt) -> None:
        """Note an attempt that did not succeed."""

    async def end(self, delivery: str, state: State, attempt: Attempt | None, now: datetime) -> None:
        """End a pending delivery."""

    async def numbered(self, target: str, first: int, last: int, most: int) -> list[Delivery]:
        """Read a target's deliveries by number."""

    async def of_owner(
        self, owner: Owner, wanted: Mapping[str, str], page: Page
    ) -> tuple[list[Delivery], str | None]:
        """List an owner's deliveries by `subscription` and `state`, latest first."""

    async def revive_all(
        self, owner: Owner, wanted: Mapping[str, Any], most: int
    ) -> tuple[list[Delivery], bool]:
        """Make dead letters pending again, oldest first; give them, and whether there are more."""

    async def revive(self, delivery: str, owner: Owner) -> Delivery:
        """Make a dead letter pending again; raises DeliveryNotFound or DeliveryNotDead."""


class Lanes(Protocol):
    """Which lanes hold work, when, and who holds them; all by the database's time."""

    async def wake(self, deliveries: Sequence[Delivery]) -> None:
        """Make sure that their lanes are there and are looked at (again)."""

    async def wake_handshake(self, held: Subscription) -> None:
        """Make sure that the subscription's handshake is made."""

    async def ensure_heartbeat(self, held: Subscription) -> None:
        """Make sure that heartbeats are on their way, without disturbing those that are."""

    async def due_queues(self) -> list[str]:
        """Name the queues with a lane that is due now."""

    async def claim(self, queue: str, most: int = 1) -> list[Lane]:
        """Take the lanes of the queue that have been due longest, for the time of a lease."""

    async def renew(self, held: Collection[Lane]) -> None:
        """Begin the leases of these lanes anew."""

    async def release(self, lane: Lane, seconds: float, waits: int) -> None:
        """Give the lane back, due again in so many seconds."""

    async def finish(self, lane: Lane) -> Lane | None:
        """End a lane that was found empty; give it again if something was put into it meanwhile."""


class Breakers(Protocol):
    """The breaker of each endpoint that fails."""

    async def refresh(self) -> None:
        """Learn which breakers are open, also those that other workers opened or closed."""

    def pause(self, queue: str) -> float | None:
        """Give seconds until a broken endpoint may be tried again (0: now, by one); None when it is not broken."""

    async def take_probe(self, queue: str, seconds: float) -> bool:
        """Be the one who tries a broken endpoint; nobody else does for so many seconds."""

    async def succeeded(self, queue: str) -> None:
        """Forget the failures."""

    async def failed(self, queue: str) -> Breaker:
        """Count a failure, and open the breaker when there are too many."""


class Inbox(Protocol):
    """What units find in their inbox."""

    async def put(self, delivery: Delivery) -> None:
        """Put an entry in, once."""

    async def of_unit(self, unit: str, page: Page, *, unread: bool) -> tuple[list[InboxEntry], str | None]:
        """List a unit's entries, latest first, and where the next page begins."""

    async def since(self, unit: str, place: tuple[datetime, str], most: int) -> list[InboxEntry]:
        """List a unit's entries after a time and id, oldest first."""

    async def count_unread(self, unit: str, most: int) -> int:
        """Count what nobody of the unit has read, up to a most."""

    async def receive(self, entry: str, unit: str, reader: str, now: datetime) -> InboxEntry:
        """Note who has read an entry and when, once for each reader; raises EntryNotFound."""


class Rights(Protocol):
    """The record, asked who may know."""

    async def may_know(self, question: Question) -> Knowledge:
        """Ask; raises NoAnswerFromRecord."""


class UnitWays(Protocol):
    """The ways in which units want to hear."""

    async def of_units(self, units: Collection[str]) -> Mapping[str, Ways]:
        """Give what these units have set; those that have set nothing are left out."""


class Channel(Protocol):
    """One way to tell somebody; a new one is one new file in channels/kinds/."""

    def most(self, held: Subscription | None) -> int:
        """Say how many deliveries go into one attempt at most."""

    async def pause(self, delivery: Delivery, now: datetime) -> float | None:
        """Give seconds to wait before the attempt; None when nobody wants it any more."""

    async def send(self, letters: Sequence[Letter], held: Subscription | None, now: datetime) -> Outcome:
        """Make one attempt with all of them."""

    async def close(self) -> None:
        """Let go of what is held open."""


class Tally(Protocol):
    """Counts what happens, for the metrics."""

    def event(self, result: str, count: int = 1) -> None:
        """Count events taken, repeated or refused."""

    def delivery(self, channel: str, state: str, seconds: float | None = None) -> None:
        """Count a delivery's end, and how long it took since the event arrived."""

    def attempt(self, channel: str, result: str) -> None:
        """Count an attempt."""

    def right(self, answer: str) -> None:
        """Count an answer of the record: allowed, refused or none."""
