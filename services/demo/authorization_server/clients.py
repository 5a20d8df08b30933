"""The clients that the demo's authorization server knows, and what each may ask for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from services.chassis.scopes import SCOPE, VERSION_1, Interaction, allows

INTERACTIONS: Final[tuple[Interaction, ...]] = ("c", "r", "u", "d", "s")


@dataclass(frozen=True, slots=True)
class Client:
    """One client: who its tokens are about (`subject`), the scopes it may have, and claims of every token.

    `units` are the HSA-ids it may act for by the request parameter `unit`; `resident` says that its tokens
    carry the Patient id noted under the client's name.
    """

    client_id: str
    subject: str
    scopes: tuple[str, ...]
    claims: Mapping[str, str] = field(default_factory=dict)
    units: frozenset[str] = frozenset()
    resident: bool = False
    lifetime: int = 300  # seconds

    def may_have(self, scope: str) -> bool:
        """Say whether the client may have a scope: one of its own, or one that grants less."""
        if scope in self.scopes:
            return True
        if not (asked := SCOPE.fullmatch(scope)):
            return False
        level = scope.partition("/")[0]
        own = tuple(one for one in self.scopes if one.partition("/")[0] == level)
        kind, letters, _query = asked.groups()  # with a query it grants less still
        granted = VERSION_1.get(letters, letters)
        return bool(granted) and all(
            allows(own, kind, letter) for letter in INTERACTIONS if letter in granted
        )
