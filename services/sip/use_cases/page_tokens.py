"""The opaque way to the next page: where the last one ended, and when the first was read."""

import base64
import binascii
from datetime import UTC, datetime, timedelta

import orjson

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest
from services.sip.domain.search_query import SearchQuery

Cursor = tuple[datetime, str]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def page_token(query: SearchQuery, cursor: Cursor) -> str:
    """Write the way down; it holds no right, only a place: what may be seen is judged anew on every page."""
    at, key = cursor
    until = query.until or at
    return (
        base64.urlsafe_b64encode(orjson.dumps([_milliseconds(until), _milliseconds(at), key]))
        .decode()
        .rstrip("=")
    )


def read_page_token(token: str) -> tuple[datetime, Cursor]:
    """Read it back: (time of the first page, end of the last); raises BadRequest."""
    try:
        parts = orjson.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        until, at, key = parts
        return _moment(until), (_moment(at), str.__str__(key))
    except (ValueError, TypeError, OverflowError, binascii.Error):
        text = "This is no page of a search here: follow the `next` link as it was given, or search anew."
        raise BadRequest(Told("value", text, "http._page")) from None


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)
