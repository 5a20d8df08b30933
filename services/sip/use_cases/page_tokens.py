"""The opaque way to the next page: where the last one ended, and when the first was read."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest
from services.sip.domain.search_query import Cursor

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def page_token(cursor: Cursor) -> str:
    """Write the way down; it holds no right, only a place: what may be seen is judged anew on every page."""
    parts = [_milliseconds(cursor.until), cursor.key, *map(_written, cursor.keys)]
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


def read_page_token(token: str) -> Cursor:
    """Read it back; raises BadRequest."""
    try:
        until, key, *keys = orjson.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        return Cursor(_moment(until), tuple(map(_read, keys)), str.__str__(key))
    except (ValueError, TypeError, OverflowError, binascii.Error):
        text = "_page names no page here: follow the `next` link as it was given, or ask anew from the first page."
        raise BadRequest(Told("value", text, "http._page")) from None


def _written(key: str | datetime | None) -> str | int | None:
    """A moment is a number, a text a text."""
    return _milliseconds(key) if isinstance(key, datetime) else key


def _read(key: Any) -> str | datetime | None:
    if key is None or isinstance(key, str):
        return key
    return _moment(key)


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)
