"""An entry of an organisation's inbox, and its receipts."""

from dataclasses import dataclass
from datetime import datetime

from services.notify.domain.record_event import RecordEvent


@dataclass(frozen=True, slots=True)
class Receipt:
    """Who has read an entry (an employee's HSA-id, or a client), and when."""

    reader: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """What a unit was told, when, and who has read it."""

    id: str
    unit: str
    event: RecordEvent
    arrived: datetime
    receipts: tuple[Receipt, ...]
