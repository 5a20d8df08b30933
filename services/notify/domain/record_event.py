"""One event of the record, as notify keeps it: ids only."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

TYPE_PREFIX = "se.samplan."


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordEvent:
    """What happened (`type` without its prefix), to which resource, of which person, and who could know."""

    source: str
    id: str
    type: str
    time: datetime
    focus: str
    version: int
    person: str | None
    seq: int
    parties: tuple[str, ...]

    @property
    def key(self) -> str:
        """CloudEvents' identity: source and id together."""
        return f"{self.source} {self.id}"

    @property
    def focus_type(self) -> str:
        """The type of the resource it happened to."""
        return self.focus.partition("/")[0]


def event_from(raw: Mapping[str, Any]) -> RecordEvent:
    """Read an event that the schema has passed; ValueError when its time is none (30 February)."""
    data = raw["data"]
    return RecordEvent(
        source=raw["source"],
        id=raw["id"],
        type=raw["type"].removeprefix(TYPE_PREFIX),
        time=datetime.fromisoformat(raw["time"]),
        focus=data["focus"],
        version=data["version"],
        person=data.get("person"),
        seq=data["seq"],
        parties=tuple(data["parties"]),
    )


def delivery_id(target: str, event_key: str) -> str:
    """Name the delivery of one event to one target; always the same, so that repeating changes nothing."""
    return hashlib.sha256(f"{target}\n{event_key}".encode()).hexdigest()[:32]


def lane_id(target: str, person: str | None) -> str:
    """Name the lane in which deliveries keep their order: one target, one person."""
    return f"{target} {person or '-'}"
