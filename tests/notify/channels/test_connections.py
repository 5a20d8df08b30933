"""Connections: kept and used again, replaced when they were closed, read no further than needed."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import pytest

from services.notify.channels.connection import Answer, ConnectionBroken
from services.notify.channels.connections import Connections
from services.notify.domain.endpoints import read_endpoint, rule_from

pytestmark = pytest.mark.anyio
RULE = rule_from("127.0.0.1", ["127.0.0.0/8"], (), plain_http=True)
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Server:
    """Answers each request with the next of some pieces, and remembers which connection it came on."""

    def __init__(self, answers: Sequence[Sequence[bytes | None]]) -> None:
        self.answers = list(answers)
        self.requests: list[bytes] = []
        self.connections = 0
        self.port = 0

    async def connected(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                self.requests.append(head + await reader.readexactly(length))
                for piece in self.answers.pop(0):
                    if piece is None:
                        return
                    writer.write(piece)
                    await writer.drain()
                    await asyncio.sleep(0.01)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def serving(
    *answers: Sequence[bytes | None],
) -> AsyncIterator[tuple[Server, Callable[[], "asyncio.Future[Answer]"]]]:
    """Serve, and give what posts to it."""
    server, connections = Server(answers), Connections(ssl.create_default_context())
    listening = await asyncio.start_server(server.connected, "127.0.0.1", 0)
    server.port = listening.sockets[0].getsockname()[1]
    endpoint = read_endpoint(f"http://127.0.0.1:{server.port}/hook?x=1", [RULE])

    def post() -> "asyncio.Future[Answer]":
        return asyncio.ensure_future(connections.post(endpoint, [("X-Key", "v")], b'{"a":1}'))

    yield server, post
    await connections.close()
    listening.close()
    await asyncio.sleep(0.02)


async def test_a_request_is_what_http_says_it_should_be() -> None:
    async with serving([OK]) as (server, post):
        assert (await post()).status == 200

    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    host = f"Host: 127.0.0.1:{server.port}".encode()
    assert head.split(b"\r\n") == [b"POST /hook?x=1 HTTP/1.1", host, b"Content-Length: 7", b"X-Key: v"]
    assert body == b'{"a":1}'


async def test_a_connection_is_used_again() -> None:
    async with serving([OK], [OK], [OK]) as (server, post):
        for _ in range(3):
            await post()

    assert server.connections == 1


async def test_requests_at_once_have_connections_of_their_own() -> None:
    async with serving([OK], [OK], [OK]) as (server, post):
        answers = await asyncio.gather(post(), post(), post())

    assert [answer.status for answer in answers] == [200] * 3
    assert server.connections == 3


@pytest.mark.parametrize(
    "answer",
    [
        [b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"],
        [b"HTTP/1.0 200 OK\r\n\r\n", None],
        [b"HTTP/1.1 200 OK\r\n\r\nuntil it closes", None],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + b"a" * 70_000],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", b"abc", None],
    ],
    ids=["close", "1.0", "no-length", "long", "short"],
)
async def test_a_connection_that_cannot_be_used_again_is_not(answer: list[bytes | None]) -> None:
    async with serving(answer, [OK]) as (server, post):
        assert (await post()).status == 200
        assert (await post()).status == 200

    assert server.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        [OK[:9], OK[9:20], OK[20:]],
        [b"HTTP/1.1 100 Continue\r\n\r\n", OK],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\no", b"k\r\n0\r\n\r\n"],
        [b"HTTP/1.1 204 No Content\r\n\r\n"],
    ],
    ids=["pieces", "continue", "chunked", "no-content"],
)
async def test_an_answer_is_read_in_whatever_form_it_comes(answer: list[bytes | None]) -> None:
    async with serving(answer, [OK]) as (server, post):
        assert (await post()).status in {200, 204}
        assert bytes((await post()).body) == b"ok"

    assert server.connections == 1


async def test_a_kept_connection_that_was_closed_meanwhile_is_replaced() -> None:
    async with serving([OK], [None], [OK]) as (server, post):
        await post()
        assert (await post()).status == 200

    assert server.connections == 2


async def test_a_new_connection_that_is_closed_without_a_word_is_an_error() -> None:
    async with serving([None], [OK]) as (_, post):
        with pytest.raises(ConnectionBroken):
            await post()


async def test_who_is_cancelled_leaves_no_connection_behind() -> None:
    async with serving([], [OK]) as (server, post):
        waiting = post()
        while not server.requests:  # noqa: ASYNC110 - the server tells nobody what has come
            await asyncio.sleep(0.001)
        waiting.cancel()
        await asyncio.sleep(0)
        assert (await post()).status == 200

    assert server.connections == 2
