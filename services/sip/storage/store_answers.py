"""What the driver raises, told in our own words: a store that does not answer is busy, not broken."""

from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from pymongo.errors import ConnectionFailure, ExecutionTimeout, NetworkTimeout, WTimeoutError

from services.chassis.outcome import Told
from services.sip.domain.errors import StoreBusy


@contextmanager
def store_answers() -> Iterator[None]:
    """Raise StoreBusy where the store did not answer in time; anything else stays what it is."""
    try:
        yield
    except (ConnectionFailure, ExecutionTimeout, NetworkTimeout, WTimeoutError) as lost:
        text = "The database does not answer at this moment. Try again."
        raise StoreBusy(Told("transient", text)) from lost


P = ParamSpec("P")
R = TypeVar("R")


def answering(ask: Callable[P, Coroutine[Any, Any, R]]) -> Callable[P, Coroutine[Any, Any, R]]:
    """Let a method of a store raise StoreBusy where the store does not answer."""

    @wraps(ask)
    async def asked(*given: P.args, **named: P.kwargs) -> R:
        with store_answers():
            return await ask(*given, **named)

    return asked
