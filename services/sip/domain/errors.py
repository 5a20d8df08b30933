"""What can go wrong in a use case; each way in translates these once to its own kind of answer."""

from collections.abc import Sequence

from services.chassis.outcome import Told


class SipError(Exception):
    """Root of all; `told` says what was wrong, where, and what to do."""

    def __init__(self, *told: Told) -> None:
        super().__init__("; ".join(one.text for one in told))
        self.told: Sequence[Told] = told


class NotFound(SipError):
    """No such resource, or none that the caller may see: the two are told alike."""


class Gone(SipError):
    """The resource was deleted."""


class ChangedMeanwhile(SipError):
    """The version named in If-Match is not the newest."""


class NotOneMatch(SipError):
    """Criteria were to find one resource, and find several or none."""


class StillReferredTo(SipError):
    """What was to be deleted is referred to by what stays."""


class PreconditionMissing(SipError):
    """An update did not say which version it replaces."""


class ScopeTooNarrow(SipError):
    """The token's scopes do not cover the interaction."""


class NotAllowed(SipError):
    """Law, or the caller's role, forbids this."""


class ShapeBroken(SipError):
    """The content is not what FHIR or our profiles ask for."""


class RulesBroken(SipError):
    """A rule of care or law would be broken."""


class BadRequest(SipError):
    """The request itself cannot be understood."""


class UnsupportedMedia(SipError):
    """What was sent is not JSON."""


class NotSupported(SipError):
    """FHIR knows this, we do not serve it."""


class TooCostly(SipError):
    """The search would take too long; it needs to be narrowed."""


class AlreadyThere(SipError):
    """What was to be created is there under its id: the same request came before."""


class RequestDiffers(SipError):
    """The Idempotency-Key came before with another content, so this is no repetition."""


class StoreBusy(SipError):
    """The store could not take the request in time; nothing was changed and it may be tried again."""


def not_found(key: str) -> NotFound:
    """Build the one answer for absent and hidden alike."""
    return NotFound(Told("not-found", f"{key} is not here, or not for you to see."))


def gone(key: str) -> Gone:
    """Build the answer for what was deleted, to those who could see it."""
    text = f"{key} was deleted. Its history is kept; the unit that wrote it may bring it back by an update."
    return Gone(Told("deleted", text))
