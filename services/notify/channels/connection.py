"""One HTTP/1.1 connection for short POSTs: reads an answer's status and a little of its body, and no more."""

import asyncio
from dataclasses import dataclass, field
from typing import Final, cast

import httptools

MOST_READ: Final = 64 * 1024
DRAIN_SECONDS: Final = 1.0


class ConnectionBroken(Exception):
    """The other side closed the connection, or does not speak HTTP; `unanswered` if not a byte had come."""

    def __init__(self, *, unanswered: bool) -> None:
        super().__init__("unanswered" if unanswered else "broken off")
        self.unanswered = unanswered


@dataclass(slots=True)
class Answer:
    """What came back: names of headers in lower case, of the body at most 64 KiB."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict)
    body: bytearray = field(default_factory=bytearray)


class Connection(asyncio.Protocol):
    """Sends one request at a time; may be used again while `usable`."""

    def __init__(self, most_read: int = MOST_READ) -> None:
        self.usable = True
        self._most_read = most_read
        self.idle_since = 0.0
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._answer = Answer()
        self._read = 0
        self._head: asyncio.Future[None] | None = None
        self._whole: asyncio.Future[None] | None = None

    async def exchange(self, request: bytes) -> Answer:
        """Send a request and wait for its answer; raises ConnectionBroken. Cancelled, it breaks off."""
        try:
            head, whole = self._begin(request)
            await head
            await self._rest(whole)
        except BaseException:
            self.abort()
            raise
        if not self.usable:
            self.abort()
        return self._answer

    def _begin(self, request: bytes) -> tuple["asyncio.Future[None]", "asyncio.Future[None]"]:
        """Send, and give what to wait for: the answer's head, and its end."""
        if self._transport is None or not self.usable:
            raise ConnectionBroken(unanswered=True)
        loop = asyncio.get_running_loop()
        self._parser, self._answer, self._read = httptools.HttpResponseParser(self), Answer(), 0
        self._head, self._whole = loop.create_future(), loop.create_future()
        self._transport.write(request)
        return self._head, self._whole

    async def _rest(self, whole: "asyncio.Future[None]") -> None:
        """Wait for a short body; one that is long or slow is left. The status has been told: that counts."""
        if not whole.done():
            try:
                async with asyncio.timeout(DRAIN_SECONDS):
                    await whole
            except TimeoutError:
                self.usable = False

    def abort(self) -> None:
        """Close at once."""
        self.usable = False
        if self._transport:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop when the connection stands."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are of no class of asyncio's

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's interface
        """Called by the event loop when the connection has ended."""
        self._end(finished=False)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop with what came in."""
        self._read += len(data)
        if self._head is None or self._read > 2 * self._most_read:
            self._end(finished=False)  # more than was asked for
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._end(finished=False)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Called by the parser."""
        self._answer.headers[name.lower()] = value

    def on_headers_complete(self) -> None:
        """Called by the parser; what precedes the answer proper (1xx) is passed over."""
        status = self._parser.get_status_code()
        if status >= 200 and self._head and not self._head.done():
            self._answer.status = status
            self.usable = self._parser.should_keep_alive()
            self._head.set_result(None)

    def on_body(self, body: bytes) -> None:
        """Called by the parser."""
        room = self._most_read - len(self._answer.body)
        self._answer.body += body[:room]
        if len(body) > room:
            self._end(finished=True)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        if self._answer.status and self._whole and not self._whole.done():
            self._whole.set_result(None)

    def _end(self, *, finished: bool) -> None:
        """Use the connection no more, and let nobody wait for it."""
        self.usable = False
        for waited in (self._head, self._whole):
            if waited and not waited.done():
                if finished or self._answer.status:
                    waited.set_result(None)
                else:
                    waited.set_exception(ConnectionBroken(unanswered=not self._read))
                    waited.exception()  # whoever waits gets it; if nobody does, nothing is amiss
        if self._transport:
            self._transport.abort()
