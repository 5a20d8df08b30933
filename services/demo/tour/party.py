"""A party of the tour: a persona, the door it comes in by, and what it sends there."""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from services.demo.addresses import Addresses
from services.demo.ask_token import token_request
from services.demo.demo_directory import DemoDirectory
from services.demo.tour.exchange import Answer, Sent, Settled, Wire
from services.demo.tour.page import NotProven, Page, require

RENEW_BEFORE: Final = 120.0  # seconds
FHIR: Final = "application/fhir+json"
JSON: Final = "application/json"


class Token:
    """A persona's access token, renewed before it ends."""

    def __init__(self, persona: str, directory: DemoDirectory, addresses: Addresses, wire: Wire) -> None:
        """Take whose token, and where tokens are."""
        self._form = urlencode(token_request(directory, persona)).encode()
        self._url = f"{addresses.issuer}/token"
        self._wire = wire
        self._held, self._until = "", 0.0

    def header(self) -> dict[str, str]:
        """Give the Authorization header."""
        if time.monotonic() > self._until:
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            answer = self._wire.exchange(Sent("POST", self._url, self._form, headers))
            require(answer.status == 200, f"no token: {answer.status} {answer.content[:200]!r}")
            given = answer.json
            self._held = given["access_token"]
            self._until = time.monotonic() + given["expires_in"] - RENEW_BEFORE
        return {"Authorization": f"Bearer {self._held}"}


@dataclass(frozen=True, slots=True)
class Party:
    """Sends as one persona through one door, and shows it on the page."""

    who: str
    base: str
    token: Token
    wire: Wire
    page: Page
    media: str = JSON

    def get(self, path: str, **query: str) -> Answer:
        """Read, and show it."""
        return self.send(Sent("GET", f"{path}?{urlencode(query)}" if query else path))

    def post(self, path: str, body: Any) -> Answer:
        """Create, and show it; the key lets the server know a repetition."""
        return self.send(Sent("POST", path, body, {"Idempotency-Key": str(uuid.uuid4())}))

    def put(self, path: str, body: Mapping[str, Any], etag: str, shown: Any) -> Answer:
        """Change the version that the ETag names, and show what is changed."""

        def carried_out() -> Answer | None:
            now = self.quietly("GET", path)
            return now if now.status == 200 and _content(now.json) == _content(body) else None

        note = f"If-Match: {etag}"
        return self.send(Sent("PUT", path, body, {"If-Match": etag}, note, shown), carried_out)

    def send(self, sent: Sent, settled: Settled | None = None) -> Answer:
        """Send a request and show it with its answer."""
        whole = self._whole(sent)
        self.page.sent(whole.method, whole.url, whole.shown or whole.body, whole.note)
        answer = self.wire.exchange(whole, settled)
        self.page.got(answer.status, f"ETag {answer.etag}" if answer.etag else "")
        return answer

    def quietly(self, method: str, path: str, body: Any = None) -> Answer:
        """Send a request that is no step of its own, as for looking up what a lost answer would have said."""
        return self.wire.exchange(self._whole(Sent(method, path, body)))

    def expect(self, answer: Answer, *statuses: int) -> Answer:
        """Give the answer back if it has one of the statuses; NotProven shows what came instead."""
        if answer.status not in statuses:
            wanted = " or ".join(map(str, statuses))
            raise NotProven(
                f"expected {wanted}, got {answer.status}: {answer.content[:600].decode(errors='replace')}"
            )
        return answer

    def _whole(self, sent: Sent) -> Sent:
        headers = {**self.token.header(), "Accept": self.media, **sent.headers}
        if sent.body is not None:
            headers.setdefault("Content-Type", self.media)
        url = sent.url if sent.url.startswith("http") else self.base + sent.url
        return replace(sent, url=url, headers=headers)


def _content(resource: Any) -> Any:
    """Give a resource without what the server adds to it."""
    return {name: value for name, value in resource.items() if name not in {"meta", "id"}}
