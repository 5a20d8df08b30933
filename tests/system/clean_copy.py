"""A clean copy of the repository, and the commands a person gives in it."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from tests.system.terminal import CTRL_C, Terminal

# What a run of the tests leaves in the environment; a person's own terminal has none of it.
OURS = ("SAMPLAN_", "VIRTUAL_ENV", "MAKE", "MFLAGS", "PYTHON", "PYTEST_")
STOPPED_WITHIN = 30.0


class Copy:
    """The copy, and the commands given in it."""

    def __init__(self, folder: Path, port: int) -> None:
        """Take the folder and the first of six free ports."""
        self.folder, self.port = folder, port
        person = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        # Without a moving progress bar, so that a failing test shows lines.
        self.environment = person | {"SAMPLAN_PORT": str(port), "TERM": "dumb"}
        self.terminals: list[Terminal] = []

    def type(self, *command: str) -> Terminal:
        """Give a command in a new terminal."""
        terminal = Terminal(list(command), self.folder, self.environment)
        self.terminals.append(terminal)
        return terminal

    @contextlib.contextmanager
    def demo(self, *, ready_within: float) -> Iterator[Terminal]:
        """Start the demo, give its terminal when it is ready, and stop it if nobody else has."""
        terminal = self.type("make", "demo")
        try:
            terminal.wait_for("Samplan is ready", seconds=ready_within)
            yield terminal
        finally:
            if terminal.process.poll() is None:
                terminal.press(CTRL_C)
                terminal.wait_for_end(seconds=STOPPED_WITHIN)

    def processes(self) -> dict[int, str]:
        """Every process that runs from the copy, by its command line."""
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
                except OSError:
                    continue  # it has ended meanwhile
                if str(self.folder) in line:
                    found[int(entry.name)] = line
        return found

    def left_after(self, seconds: float) -> dict[int, str]:
        """The processes that are still there after so long; returns as soon as there are none."""
        until = time.monotonic() + seconds
        while (left := self.processes()) and time.monotonic() < until:
            time.sleep(0.1)
        return left
