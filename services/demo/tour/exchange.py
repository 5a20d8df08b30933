"""One request and its answer, waiting out a process that is being started again without doing anything twice."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx2
import orjson

from services.demo.tour.page import NotProven, Page

BEING_STARTED: Final = frozenset({502, 503, 504})
PATIENCE: Final = 45.0  # seconds
PAUSE: Final = 0.3
TIMEOUT: Final = 15.0
SAFE: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Sent:
    """A request; `note` is what the page says beside its address, `shown` what it shows of a long body."""

    method: str
    url: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    shown: Any = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, its body read as JSON where it is JSON."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """Give the body; NotProven when it is no JSON."""
        try:
            return orjson.loads(self.content)
        except orjson.JSONDecodeError:
            raise NotProven(f"the answer ({self.status}) is no JSON: {self.content[:200]!r}") from None

    @property
    def etag(self) -> str:
        """Give the ETag, or nothing."""
        return self.headers.get("etag", "")


Settled = Callable[[], Answer | None]


class Wire:
    """Sends requests, each on a connection of its own: a refused connection then means that nothing was done."""

    def __init__(self, page: Page) -> None:
        """Take the page that tells about waiting."""
        self._page = page
        limits = httpx2.Limits(max_keepalive_connections=0)
        self._http = httpx2.Client(trust_env=False, timeout=TIMEOUT, limits=limits, follow_redirects=False)

    def close(self) -> None:
        """Close the client."""
        self._http.close()

    def exchange(self, sent: Sent, settled: Settled | None = None) -> Answer:
        """Send until there is an answer that counts.

        When an answer was lost, the request may have been carried out all the same: `settled` then looks whether
        it was, and gives the answer that stands for the lost one, or None to have the request sent again.
        """
        until = time.monotonic() + PATIENCE
        doubtful = told = False
        while True:
            if doubtful and settled and (found := settled()):
                return found
            answer, lost = self._once(sent)
            if answer and answer.status not in BEING_STARTED:
                return answer
            if time.monotonic() > until:
                came = f"answers {answer.status}" if answer else "does not answer"
                raise NotProven(f"{sent.method} {sent.url} still {came} after {PATIENCE:.0f} s")
            doubtful = doubtful or (lost and sent.method not in SAFE)
            if not told:
                self._page.waiting("no answer that counts: a process is being started again; waiting for it")
                told = True
            time.sleep(PAUSE)

    def _once(self, sent: Sent) -> tuple[Answer | None, bool]:
        """Send once; give the answer, and whether the request may have been carried out though none came."""
        content = sent.body if isinstance(sent.body, bytes) or sent.body is None else orjson.dumps(sent.body)
        try:
            given = self._http.request(sent.method, sent.url, content=content, headers=dict(sent.headers))
        except (httpx2.ConnectError, httpx2.ConnectTimeout):
            return None, False
        except httpx2.TransportError:
            return None, True
        return Answer(given.status_code, given.headers, given.content), given.status_code in BEING_STARTED
