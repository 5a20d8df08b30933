"""Values of search parameters as they are written: separators, and the backslash that makes them plain again.

https://hl7.org/fhir/R4/search.html#escaping
"""

import re
from collections.abc import Iterator
from typing import Final

_ESCAPED: Final = re.compile(r"\\([\\,|$])")


def split(text: str, separator: str) -> list[str]:
    """Divide at each separator that no backslash stands before; what is escaped stays so."""
    return list(_parts(text, separator))


def _parts(text: str, separator: str) -> Iterator[str]:
    start = position = 0
    while position < len(text):
        if text[position] == "\\":
            position += 2
            continue
        if text[position] == separator:
            yield text[start:position]
            start = position + 1
        position += 1
    yield text[start:]


def plain(text: str) -> str:
    """Take the backslashes off the separators."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text
