"""An outbox row as CloudEvents 1.0: ids only, no personal data."""

from collections.abc import Mapping
from typing import Any, Final

SCHEMA: Final = "https://samplan.example/events/record-event/1"
PREFIX: Final = "se.samplan."


def cloud_events(row: Mapping[str, Any], source: str) -> list[dict[str, Any]]:
    """Give the events of one stored version; their ids are the same however often they are sent."""
    at = row["at"].strftime("%Y-%m-%dT%H:%M:%S.") + f"{row['at'].microsecond // 1000:03d}Z"
    return [
        {
            "specversion": "1.0",
            "id": _named(row, event["type"]),
            "source": source,
            "type": PREFIX + event["type"],
            "time": at,
            "subject": row["key"],
            "datacontenttype": "application/json",
            "dataschema": SCHEMA,
            "data": {
                "focus": row["key"],
                "version": row["version"],
                "person": row["patient"],
                "seq": row["seq"],
                "parties": event["parties"],
            },
        }
        for event in row["events"]
    ]


def _named(row: Mapping[str, Any], kind: str) -> str:
    """Name an event by its version; one that time brought has its name already."""
    name = str(row["_id"])
    return name if "#" in name else f"{row['key']}/{row['version']}#{kind}"
