"""How a patch that cannot be applied is told."""

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest, ShapeBroken

MOST_OPERATIONS = 100
LARGEST_RESULT = 1 << 20  # bytes; no more than could have been sent


def unreadable(text: str, where: str) -> BadRequest:
    """Build the error for what is no patch."""
    return BadRequest(Told("structure", text, where))


def inapplicable(text: str, where: str) -> ShapeBroken:
    """Build the error for a patch that does not fit the resource as it is."""
    return ShapeBroken(Told("processing", text, where))
