"""Signals that ask the demo to stop: the first kindly, the second at once."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Final

from services.demo.die_with_parent import send_when_parent_dies

ASKING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
MAKES: Final = frozenset({"make", "gmake"})


class StopSignals:
    """Two events: `wanted` is set by the first signal, `at_once` by the second."""

    def __init__(self, say: Callable[[str], None]) -> None:
        """Take how to tell that the signal was heard."""
        self._say = say
        self.wanted = asyncio.Event()
        self.at_once = asyncio.Event()

    def listen(self) -> None:
        """Take the signals over from the interpreter; call it in the running loop's main thread."""
        for number in ASKING:
            asyncio.get_running_loop().add_signal_handler(number, self._heard)
        if _parent_name() in MAKES:  # kill -9 of make must not leave the demo behind
            send_when_parent_dies(signal.SIGTERM)

    def _heard(self) -> None:
        if self.wanted.is_set():
            self.at_once.set()
            return
        self.wanted.set()
        self._say("Stopping; once more stops at once.")


def _parent_name() -> str:
    try:
        return Path(f"/proc/{os.getppid()}/comm").read_text().strip()
    except OSError:
        return ""
