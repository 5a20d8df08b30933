"""Folding of text for search: case and accents as Swedish readers expect them."""

import re
import unicodedata
from typing import Final

_SWEDISH: Final = str.maketrans({"å": "\ue000", "ä": "\ue001", "ö": "\ue002"})
_BACK: Final = str.maketrans({"\ue000": "å", "\ue001": "ä", "\ue002": "ö"})
_SPACES: Final = re.compile(r"\s+")


def folded(text: str) -> str:
    """Fold case and accents, keeping å, ä and ö: they are letters of their own, é is not."""
    kept = unicodedata.normalize("NFC", text).casefold().translate(_SWEDISH)
    bare = "".join(one for one in unicodedata.normalize("NFD", kept) if not unicodedata.combining(one))
    return _SPACES.sub(" ", bare.translate(_BACK)).strip()
