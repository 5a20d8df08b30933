"""What can be refused; the ways in turn each into a status and a text, and a test demands that they can."""

from collections.abc import Sequence

from services.chassis.outcome import Told


class NotifyError(Exception):
    """Anything a caller is told about; the text is for a person and says what to do."""


class CallerNotAllowed(NotifyError):
    """The token does not grant this."""


class SubscriptionNotFound(NotifyError):
    """There is no such subscription among the caller's own."""


class SubscriptionDeleted(NotifyError):
    """The caller's subscription was deleted."""


class SubscriptionChangedMeanwhile(NotifyError):
    """If-Match named another version than the current one."""


class VersionNotNamed(NotifyError):
    """An update came without If-Match, or with one that cannot be read."""


class TooManySubscriptions(NotifyError):
    """One client holds as many subscriptions as it may."""


class ParameterRefused(NotifyError):
    """A parameter of the request cannot be read; `parameter` names it."""

    def __init__(self, parameter: str, text: str) -> None:
        super().__init__(text)
        self.parameter = parameter


class SubscriptionRefused(NotifyError):
    """The subscription asks for what is not supported or not understood; `issues` say what and where."""

    def __init__(self, issues: Sequence[Told]) -> None:
        super().__init__("; ".join(issue.text for issue in issues))
        self.issues = tuple(issues)


class EntryNotFound(NotifyError):
    """There is no such entry in the inbox of the caller's unit."""


class DeliveryNotFound(NotifyError):
    """There is no such delivery among the caller's own."""


class DeliveryNotDead(NotifyError):
    """Only a dead letter can be sent again."""


class NoAnswerFromRecord(NotifyError):
    """The record could not be asked who may know: nothing is told until it answers."""
