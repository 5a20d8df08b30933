"""Problem details (RFC 9457): how every failure under /api/v1 is told."""

from typing import Any

import orjson
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class Problem(Response):
    """An answer that tells what was wrong; `extra` members stand beside the standard ones."""

    media_type = MEDIA_TYPE

    def __init__(
        self, status: int, title: str, detail: str, headers: dict[str, str] | None = None, **extra: Any
    ) -> None:
        """Take the status, a title that is the same for every such problem, and this one's detail."""
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **extra}
        super().__init__(orjson.dumps(body), status, headers)
