"""A request within a request: an entry of a Bundle answered by the same routes as if it had come by itself."""

from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.types import Message

from services.sip.fhir.entries import Entry
from services.sip.use_cases.new_versions import instant

PASSED_ON: Final = (b"authorization", b"host", b"prefer", b"dpop")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def failed(self) -> bool:
        """Tell whether it is a refusal."""
        return self.status >= 400

    def entry(self) -> dict[str, Any]:
        """Write it as the entry of a response Bundle."""
        response: dict[str, Any] = {"status": f"{self.status} {HTTPStatus(self.status).phrase}"}
        if "location" in self.headers:
            response["location"] = self.headers["location"]
        if "etag" in self.headers:
            response["etag"] = self.headers["etag"]
        if "last-modified" in self.headers:
            response["lastModified"] = instant(parsedate_to_datetime(self.headers["last-modified"]))
        entry: dict[str, Any] = {"response": response}
        if self.body.startswith(b'{"resourceType":"OperationOutcome"'):
            response["outcome"] = orjson.Fragment(self.body)
        elif self.body:
            entry["resource"] = orjson.Fragment(self.body)
        return entry


async def answer_to(entry: Entry, outer: Request, request_id: str) -> Answer:
    """Send one entry through the routes; raises BadRequest when its content cannot be read."""
    body, media_type = entry.body()
    headers = [(name, value) for name, value in outer.scope["headers"] if name in PASSED_ON]
    headers += [
        (name.encode(), value.encode("latin-1", "replace")) for name, value in entry.conditions.items()
    ]
    headers += [
        (b"x-request-id", request_id.encode()),
        (b"content-type", media_type.encode("latin-1", "replace")),
    ]
    path = f"/fhir/{entry.path}"
    scope = {
        **{name: outer.scope[name] for name in ("type", "asgi", "http_version", "scheme", "client", "server")},
        "method": entry.method, "path": path, "raw_path": quote(path).encode(), "root_path": "",
        "query_string": entry.query.encode(), "headers": headers,
    }  # fmt: skip
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await outer.app(scope, receive, send)
    start = next(one for one in sent if one["type"] == "http.response.start")
    content = b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body")
    return Answer(start["status"], {k.decode(): v.decode("latin-1") for k, v in start["headers"]}, content)
