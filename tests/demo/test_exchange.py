"""A request of the tour while a process is being started again: waited out, and nothing is done twice."""

import io
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from rich.console import Console

from services.demo.addresses import free_port
from services.demo.tour.exchange import Answer, Sent, Wire
from services.demo.tour.page import Page

Behaviour = list[str]


class Fickle:
    """A server that creates a thing at each POST, and answers, drops the connection or says 503 as it is told."""

    def __init__(self) -> None:
        self.created = 0
        self.behaviour: Behaviour = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                what = outer.behaviour.pop(0) if outer.behaviour else "answer"
                if what == "busy":
                    self.send_response(503)
                    self.end_headers()
                    return
                outer.created += 1
                if what == "answer":
                    self.send_response(201)
                    self.end_headers()
                    self.wfile.write(b"{}")

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/things"


@pytest.fixture
def fickle() -> Iterator[Fickle]:
    made = Fickle()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


@pytest.fixture
def said() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def wire(said: io.StringIO) -> Iterator[Wire]:
    made = Wire(Page(Console(file=said, width=200)))
    yield made
    made.close()


def as_made(fickle: Fickle) -> Callable[[], Answer | None]:
    return lambda: Answer(200, {}, b"{}") if fickle.created else None


def test_a_lost_answer_is_looked_up_and_nothing_is_made_twice(fickle: Fickle, wire: Wire) -> None:
    fickle.behaviour = ["drop"]

    answer = wire.exchange(Sent("POST", fickle.url, {}), as_made(fickle))

    assert answer.status == 200
    assert fickle.created == 1


def test_a_request_that_was_not_carried_out_is_sent_again(fickle: Fickle, wire: Wire) -> None:
    fickle.behaviour = ["busy", "busy"]

    answer = wire.exchange(Sent("POST", fickle.url, {}), as_made(fickle))

    assert answer.status == 201
    assert fickle.created == 1


def test_a_process_that_is_down_is_waited_for_and_the_page_says_so(
    fickle: Fickle, wire: Wire, said: io.StringIO
) -> None:
    fickle.behaviour = ["busy"] * 3

    wire.exchange(Sent("POST", fickle.url, {}))

    assert said.getvalue().count("waiting for it") == 1


def test_a_refused_connection_is_no_reason_to_doubt_that_nothing_was_done(wire: Wire) -> None:
    port = free_port()
    asked: list[str] = []

    def look() -> Answer | None:
        asked.append("looked")
        return None

    class Late(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    def serve_one() -> None:
        with ThreadingHTTPServer(("127.0.0.1", port), Late) as server:
            server.handle_request()

    timer = threading.Timer(0.5, serve_one)
    timer.start()

    assert wire.exchange(Sent("POST", f"http://127.0.0.1:{port}/"), look).status == 201
    assert asked == []
    timer.join()
