"""A terminal with one command in it, as a person has it: what is printed can be awaited, Ctrl-C can be pressed."""

import os
import pty
import select
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

CTRL_C = b"\x03"


class Terminal:
    """Runs one command as the foreground of a terminal of its own."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        """Start the command."""
        self._screen, inside = pty.openpty()
        self.process = subprocess.Popen(
            ["setsid", "--ctty", *command],
            cwd=folder,
            env=dict(environment),
            stdin=inside,
            stdout=inside,
            stderr=inside,
        )
        os.close(inside)
        self.printed = ""

    def wait_for(self, line_start: str, *, seconds: float) -> None:
        """Read on until a line begins like this; AssertionError with all that was printed when none does."""
        until = time.monotonic() + seconds
        while not any(line.startswith(line_start) for line in self.printed.splitlines()):
            assert time.monotonic() < until, f"no line {line_start!r} within {seconds} s:\n{self.printed}"
            if not self._read(0.1) and self.process.poll() is not None:
                raise AssertionError(f"ended before a line {line_start!r}:\n{self.printed}")

    def press(self, key: bytes) -> None:
        """Press a key."""
        os.write(self._screen, key)

    def wait_for_end(self, *, seconds: float) -> int:
        """Read on until the command has ended; its exit code, negative when a signal ended it."""
        until = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < until, f"does not end within {seconds} s:\n{self.printed}"
            self._read(0.1)
        while self._read(0.1):
            pass
        return self.process.returncode

    def close(self) -> None:
        """End the command, if it has not ended, and put the terminal away."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._screen)

    def _read(self, seconds: float) -> bool:
        """Read what has been printed; false when nothing came."""
        if not select.select([self._screen], [], [], seconds)[0]:
            return False
        try:
            text = os.read(self._screen, 65536)
        except OSError:
            return False  # the other end is closed: the command and all its children have ended
        self.printed += text.decode(errors="replace")
        return bool(text)
