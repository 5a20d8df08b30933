"""SMART scopes: whether what a token was granted covers an interaction (versions 2 and 1)."""

import re
from functools import lru_cache
from typing import Final, Literal

Interaction = Literal["c", "r", "u", "d", "s"]

# The letters stand in this order: https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html
SCOPE: Final = re.compile(
    r"(?:patient|user|system)/(\*|[A-Za-z][A-Za-z-]*)\.(read|write|\*|c?r?u?d?s?)(?:\?(.+))?"
)
VERSION_1: Final = {"read": "rs", "write": "cud", "*": "cruds"}


def allows(scopes: tuple[str, ...], resource_type: str, interaction: Interaction) -> bool:
    """Say whether one of the scopes grants the interaction on the type, at whatever level it was granted.

    `*` covers FHIR types alone; a resource of our own (`event`, `right-to-know`) must be named. A scope with
    a query part narrows what it grants to what the query finds, and grants nothing here: see `narrowed`.
    """
    return any(interaction in letters and not query for letters, query in _granted(scopes, resource_type))


def narrowed(scopes: tuple[str, ...], resource_type: str, interaction: Interaction) -> tuple[str, ...]:
    """Give the queries within which the interaction on the type is granted; none where it is granted as a whole."""
    if allows(scopes, resource_type, interaction):
        return ()
    return tuple(
        query for letters, query in _granted(scopes, resource_type) if query and interaction in letters
    )


@lru_cache(maxsize=1024)
def without_patient_level(scopes: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out what was granted for one patient's data alone."""
    return tuple(one for one in scopes if not one.startswith("patient/"))


@lru_cache(maxsize=4096)
def _granted(scopes: tuple[str, ...], resource_type: str) -> tuple[tuple[str, str], ...]:
    """Letters and query of each scope for the type; other kinds (openid, launch) and malformed ones give none."""
    granted = []
    for scope in scopes:
        if read := SCOPE.fullmatch(scope):
            kind, letters, query = read.groups()
            if kind == resource_type or (kind == "*" and resource_type[:1].isupper()):
                granted.append((VERSION_1.get(letters, letters), query or ""))
    return tuple(granted)
