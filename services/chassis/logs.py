"""Logs: one JSON line an event on stderr, holding only fields from a list, so that no personal data slips in."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final, TextIO

import structlog

ALLOWED: Final = frozenset(
    {
        "event", "level", "timestamp", "logger", "service", "reason", "status", "route", "method", "seconds",
        "request_id", "count", "attempt", "event_id", "subscription", "delivery", "channel", "host", "port",
        "error_type", "where", "exception", "lease", "seal", "root",
    }
)  # fmt: skip


def _only_allowed(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {name: value for name, value in fields.items() if name in ALLOWED}


def _frames_only(_logger: Any, _method: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Tell an exception by type and place: its text may quote what a caller sent."""
    failure = fields.pop("exc_info", None)
    if isinstance(failure, tuple) and failure[0] is not None:
        fields["error_type"] = failure[0].__name__
        place, trace = "", failure[2]
        while trace is not None:
            place = f"{trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}"
            trace = trace.tb_next
        fields["where"] = place
    return fields


def configure_logs(service: str, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every logger's events, our own and libraries', through the one formatter, to stderr unless told."""

    def name_service(
        _logger: Any, _method: str, fields: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        fields["service"] = service
        return fields

    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        name_service,
    ]
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _frames_only,
                _only_allowed,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for noisy in ("uvicorn.access", "httpx2", "httpcore2", "pymongo"):
        logging.getLogger(noisy).setLevel("WARNING")
