"""JSON read strictly: what two readers could understand differently is refused, with its place.

The good case is decided in compiled code: orjson parses (it refuses NaN, numbers beyond a double, lone
surrogates, invalid UTF-8), a JSON Schema bounds the depth, and twice-given names show as quotation marks
that the parsed tree no longer has. Python walks only what was refused, to say where.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Final, NamedTuple

import orjson
from jsonschema_rs import Draft202012Validator

_SCALAR: Final[dict[str, Any]] = {"type": ["string", "number", "boolean", "null"]}
_NUL_ESCAPE: Final = b"\\u0000"
_WHOLE: Final = "the whole body"
_TOP: Final = "the top level"


class UnreadableJson(Exception):
    """The body is no JSON document we take; `text` says what was wrong and what to do, `where` the place."""

    def __init__(self, text: str, where: str) -> None:
        super().__init__(f"{text} ({where})" if where else text)
        self.text = text
        self.where = where


def read_json(raw: bytes, *, max_bytes: int = 1 << 20, max_depth: int = 32) -> object:
    """Parse one JSON document of at most `max_bytes` and `max_depth` levels, or raise UnreadableJson."""
    if len(raw) > max_bytes:
        raise UnreadableJson(f"The body has {len(raw)} bytes; at most {max_bytes} are taken.", _WHOLE)
    tree = _parsed(raw)
    if not _shallow(max_depth).is_valid(tree):
        raise UnreadableJson(
            f"The document is nested deeper than {max_depth} levels.", _too_deep(tree, max_depth)
        )
    written = orjson.dumps(tree)
    if written != raw and _quotation_marks(written) != _quotation_marks(raw):
        raise _given_twice(raw)
    if _NUL_ESCAPE in raw and (place := _with_nul(tree)):
        raise UnreadableJson("A text holds the character NUL (\\u0000), which cannot be stored.", place)
    return tree


def _parsed(raw: bytes) -> object:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _unreadable(raw, error) from error


def _unreadable(raw: bytes, error: orjson.JSONDecodeError) -> UnreadableJson:
    """Say why the bytes are no JSON document, and where."""
    if not raw.strip():
        return UnreadableJson("The body is empty; a JSON document was expected.", _WHOLE)
    if raw.startswith(b"\xef\xbb\xbf"):
        return UnreadableJson("The body begins with a byte order mark; send UTF-8 without one.", "line 1")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as broken:
        before = raw[: broken.start]
        line, byte = before.count(b"\n") + 1, broken.start - before.rfind(b"\n")
        return UnreadableJson(
            f"The body is not UTF-8: the byte 0x{raw[broken.start]:02x} has no place there.",
            f"line {line}, byte {byte}",
        )
    return UnreadableJson(f"The body is not JSON: {error.msg}.", f"line {error.lineno}, column {error.colno}")


@lru_cache(maxsize=8)
def _shallow(levels: int) -> Draft202012Validator:
    """Compile the schema that holds for trees of at most so many arrays and objects inside each other."""
    definitions: dict[str, Any] = {"0": _SCALAR}
    for level in range(1, levels + 1):
        below = {"$ref": f"#/$defs/{level - 1}"}
        definitions[str(level)] = {"items": below, "additionalProperties": below}
    return Draft202012Validator({"$ref": f"#/$defs/{levels}", "$defs": definitions})


def _quotation_marks(raw: bytes) -> int:
    """Count the quotation marks that begin or end a text: two for every text in the document.

    Where an object gives a name twice, the parsed tree has fewer of them than the bytes.
    """
    escaped = raw.count(b'\\"')
    if escaped != raw.count(b"\\"):  # other escapes too; an escaped backslash escapes nothing itself
        escaped = raw.replace(b"\\\\", b"").count(b'\\"')
    return raw.count(b'"') - escaped


def _given_twice(raw: bytes) -> UnreadableJson:
    """Find the outermost object that gives a name twice; only called when there is one."""
    twice: dict[int, str] = {}
    alive: list[object] = []  # so that no id is given to a second object

    def remember(pairs: list[tuple[str, object]]) -> dict[str, object]:
        result = dict(pairs)
        alive.append(result)
        if len(result) < len(pairs):
            counted = Counter(name for name, _ in pairs)
            twice[id(result)] = next(name for name, times in counted.items() if times > 1)
        return result

    tree = json.loads(raw, object_pairs_hook=remember, parse_int=str, parse_float=str)
    found = next(one for one in _containers(tree) if id(one.node) in twice)
    return UnreadableJson(f'The name "{twice[id(found.node)]}" is given twice in one object.', found.place())


def _too_deep(tree: object, levels: int) -> str:
    """Find the first array or object that stands one level too deep."""
    return next(one.place() for one in _containers(tree) if one.depth > levels)


def _with_nul(tree: object) -> str | None:
    """Find the first text or name that holds NUL; None where its escape was itself escaped."""
    if isinstance(tree, str):
        return _TOP if "\0" in tree else None
    for one in _containers(tree):
        for step, value in one.steps():
            if "\0" in str(step) or (isinstance(value, str) and "\0" in value):
                return _Container(one, step, value, 0).place()
    return None


class _Container(NamedTuple):
    """An array or object in the tree, with the way to it; the top level is at depth 1."""

    parent: "_Container | None"
    step: str | int
    node: Any
    depth: int

    def steps(self) -> Iterable[tuple[str | int, Any]]:
        """Give what it holds, by name or number."""
        return self.node.items() if isinstance(self.node, dict) else enumerate(self.node)

    def place(self) -> str:
        """Write the way to it as people do: `activity[2].detail`."""
        steps: list[str] = []
        one: _Container | None = self
        while one is not None and one.parent is not None:
            steps.append(f"[{one.step}]" if isinstance(one.step, int) else f".{one.step}")
            one = one.parent
        return "".join(reversed(steps)).lstrip(".") or _TOP


def _containers(tree: object) -> Iterator[_Container]:
    """Give every array and object, from the top level down."""
    level = [_Container(None, "", tree, 1)] if isinstance(tree, dict | list) else []
    while level:
        yield from level
        level = [
            _Container(one, step, value, one.depth + 1)
            for one in level
            for step, value in one.steps()
            if value.__class__ is dict or value.__class__ is list
        ]
