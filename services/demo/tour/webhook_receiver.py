"""The other side's webhook: a real HTTP server on loopback that checks each signature and collects the events."""

import json
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from services.demo.tour.signature_check import fault_of

MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Told:
    """One event that somebody was told of: its number in the subscription, and what it is about."""

    webhook_id: str
    number: int
    focus: str


@dataclass(slots=True)
class Hook:
    """One subscriber's address at the receiver, and what has come in there with a signature that holds."""

    path: str
    secret: str | None = None
    handshakes: int = 0
    told: dict[int, Told] = field(default_factory=dict)
    repeats: int = 0
    faults: list[str] = field(default_factory=list)

    def focuses(self) -> set[str]:
        """Give every `Type/id` told of so far."""
        return {one.focus for one in self.told.values()}

    def gaps(self) -> list[int]:
        """Give the event numbers that are missing below the highest that came."""
        return sorted(set(range(1, max(self.told, default=0) + 1)) - self.told.keys())


class WebhookReceiver:
    """Serves while the `with` block runs; an address nobody has opened answers 410, which ends a subscription."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """Take a clock in seconds since 1970, to tell fresh messages from old ones."""
        self._clock = clock
        self._hooks: dict[str, Hook] = {}
        self._changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def open_hook(self) -> Hook:
        """Open an address of its own for one subscription; what arrives before its secret is known waits."""
        hook = Hook(f"/hooks/{uuid.uuid4().hex}")
        self._hooks[hook.path] = hook
        return hook

    def close_hook(self, hook: Hook) -> None:
        """Take no more at this address."""
        self._hooks.pop(hook.path, None)

    def url(self, hook: Hook) -> str:
        """Give the whole address of a hook."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{hook.path}"

    def wait(self, holds: Callable[[], bool], *, seconds: float) -> bool:
        """Wait until it holds, looking again whenever something has come in."""
        with self._changed:
            return self._changed.wait_for(holds, timeout=seconds)

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> int:
        """Take one message; give the status to answer with."""
        hook = self._hooks.get(path)
        if hook is None:
            return 410
        if hook.secret is None:
            return 503
        fault = fault_of(hook.secret, headers, body, self._clock())
        with self._changed:
            if fault is None:
                fault = _note(hook, headers["webhook-id"], body)
            if fault is not None:
                hook.faults.append(fault)
            self._changed.notify_all()
        return 200 if fault is None else 400


def _note(hook: Hook, webhook_id: str, body: bytes) -> str | None:
    """Note what a notification Bundle tells; give what is wrong with it."""
    try:
        kind, events = _read(json.loads(body))
    except (ValueError, KeyError, TypeError, IndexError) as failure:
        return f"no notification Bundle ({type(failure).__name__})"
    if kind == "handshake":
        hook.handshakes += 1
    for number, focus in events:
        known = hook.told.get(number)
        if known and (known.webhook_id, known.focus) != (webhook_id, focus):
            return f"event {number} came twice, as different messages"
        hook.repeats += known is not None
        hook.told[number] = Told(webhook_id, number, focus)
    return None


def _read(bundle: dict[str, Any]) -> tuple[str, list[tuple[int, str]]]:
    """Read an id-only notification in the shape of the R4 Backport: its type, and each event's number and focus."""
    status = bundle["entry"][0]["resource"]
    named = {one["name"]: one for one in status["parameter"] if one["name"] != "notification-event"}
    events = []
    for one in status["parameter"]:
        if one["name"] == "notification-event":
            parts = {part["name"]: part for part in one["part"]}
            focus = parts["focus"]["valueReference"]["reference"] if "focus" in parts else ""
            events.append((int(parts["event-number"]["valueString"]), "/".join(focus.split("/")[-2:])))
    return str(named["type"]["valueCode"]), events


def _handler_of(receiver: WebhookReceiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_POST(self) -> None:
            length = int(self.headers.get("content-length", "0"))
            if length > MOST_BYTES:
                self.close_connection = True
                self.send_error(413)
                return
            headers = {name.lower(): value for name, value in self.headers.items()}
            status = receiver.take(self.path, headers, self.rfile.read(length))
            self.send_response(status)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing: the tour tells what came."""

    return Handler
