"""JSON in and out with decimals kept to the digit: 1.10 must not come back as 1.1."""

import json
import re
from typing import Any, Final, Self

import orjson

_HAS_FRACTION: Final = re.compile(rb'(?:"\s*:|[\[,])\s*-?\d+(?:\.\d|[eE])')


class ExactDecimal(float):
    """A number that remembers how it was written."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        """Read the number and keep its text."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def exact(raw: bytes, plain: Any) -> Any:
    """Give the already parsed tree, or one that remembers decimals where the text has any."""
    return json.loads(raw, parse_float=ExactDecimal) if _HAS_FRACTION.search(raw) else plain


def dumped(tree: Any) -> bytes:
    """Write a tree as compact JSON, decimals as they came."""
    return orjson.dumps(tree, default=_as_written)


def _as_written(value: object) -> orjson.Fragment:
    if isinstance(value, ExactDecimal):
        return orjson.Fragment(value.text.encode())
    raise TypeError
