"""The event schemas of contracts/events, compiled: what an event must look like, told with what and where."""

import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from jsonschema_rs import Draft202012Validator, Registry

from services.notify.domain.record_event import RecordEvent, event_from

MOST_TOLD: Final = 5
LONGEST_TOLD: Final = 300


@dataclass(frozen=True, slots=True)
class EventRefused(Exception):
    """This is no event of ours; the detail says what is wrong and where."""

    detail: str


def _schema(name: str) -> dict[str, Any]:
    raw = (importlib.resources.files("contracts") / "events" / name).read_bytes()
    schema: dict[str, Any] = orjson.loads(raw)
    return schema


def _compiled() -> Draft202012Validator:
    data = _schema("record-event-1.schema.json")
    registry = Registry([(data["$id"], data)])
    return Draft202012Validator(_schema("event-1.schema.json"), registry=registry, validate_formats=True)


VALIDATOR: Final = _compiled()


def _described() -> dict[str, Any]:
    event, data = (
        {name: part for name, part in _schema(file).items() if not name.startswith("$")}
        for file in ("event-1.schema.json", "record-event-1.schema.json")
    )
    return event | {"properties": event["properties"] | {"data": data}}


DESCRIBED: Final = _described()
"""Both schemas as one that refers to nothing, for a description that can be read alone."""


def read_event(raw: object) -> RecordEvent:
    """Read one CloudEvent, or raise EventRefused."""
    errors = list(VALIDATOR.iter_errors(raw)) if not VALIDATOR.is_valid(raw) else []
    if errors or not isinstance(raw, Mapping):
        told = [
            f"{_where(error.instance_path)}: {error.message[:LONGEST_TOLD]}" for error in errors[:MOST_TOLD]
        ]
        raise EventRefused("; ".join(told))
    try:
        return event_from(raw)
    except ValueError:
        raise EventRefused("time: this moment does not exist") from None


def _where(path: list[str | int]) -> str:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.lstrip(".") or "the event"
