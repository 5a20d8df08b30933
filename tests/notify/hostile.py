"""Receivers that take the handshake and then behave badly, on raw sockets."""

import asyncio
import itertools
import struct
import threading
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

Behaviour = Callable[[StreamWriter], Awaitable[None]]


async def hang(_writer: StreamWriter) -> None:
    """Answer nothing."""
    await asyncio.sleep(60)


async def drip(writer: StreamWriter) -> None:
    """Send the head one byte at a time, for ever."""
    for byte in itertools.chain(b"HTTP/1.1 204 No Content\r\nX-Slow: ", itertools.repeat(ord("a"))):
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.1)


async def reset(writer: StreamWriter) -> None:
    """Break the connection off with RST."""
    linger = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(1, 13, linger)  # SOL_SOCKET, SO_LINGER
    writer.transport.abort()


async def endless(writer: StreamWriter) -> None:
    """Say 200, and then send a body without end."""
    writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"4000\r\n" + b"a" * 0x4000 + b"\r\n")
        await writer.drain()


async def endless_head(writer: StreamWriter) -> None:
    """Send header fields without end."""
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: " + b"a" * 4000 + b"\r\n")
        await writer.drain()


async def babble(writer: StreamWriter) -> None:
    """Speak no HTTP."""
    writer.write(b"\x16\x03\x01 hello there\r\n\r\n")
    await writer.drain()


def redirecting_to(url: str) -> Behaviour:
    """Point elsewhere."""

    async def redirect(writer: StreamWriter) -> None:
        writer.write(f"HTTP/1.1 307 Elsewhere\r\nLocation: {url}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    return redirect


class HostileServer:
    """Serves one behaviour on a free port, in a thread of its own."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self._started = threading.Event()
        self.told = 0
        self.sent = 0

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        assert self._started.wait(5)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _failure: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(5)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        self._started.set()
        await self._stop.wait()
        server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                body = await reader.readexactly(length)
                if b'"handshake"' in body:
                    writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                    await writer.drain()
                else:
                    self.told += 1
                    await self._behaviour(writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
            self._tasks.discard(task)
