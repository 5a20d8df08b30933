"""How a search is refused: which parameter, and why."""

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest


class Undeclared(BadRequest):
    """The type has no such parameter here: refused, or under lenient handling left out; never leaves the parser."""


def wrong(name: str, why: str, code: str = "value") -> BadRequest:
    """Build the refusal of one parameter."""
    return BadRequest(Told(code, f"Search parameter {name[:80]!r}: {why}.", f"http.{name[:80]}"))
