"""One process of the demo: started, kept running, and ended with the demo whatever happens to it."""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from services.demo import die_with_parent
from services.demo.demo_directory import source_root

SHORT_LIFE: Final = 3.0  # seconds; a process that ends sooner is started again with a growing pause
FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: its name, command, own environment variables, and the address that says it is ready."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    ready_url: str | None = None
    patience: float = 3.0  # seconds from SIGTERM to SIGKILL
    may_be_hurried: bool = True  # a database is let finish what it writes, and leaves no stale lock


class Listener(Protocol):
    """Whoever is told when a process has started, and when it has ended by itself."""

    def started(self, program: Program) -> None:
        """A process of this program runs."""

    def ended(self, program: Program, how: str) -> None:
        """The process ended, though nobody asked it to; it is started again."""


class Child:
    """Keeps one program running until it is told to stop; use it from the main thread alone."""

    def __init__(self, program: Program, log: Path, listener: Listener) -> None:
        """Take the program, the file for its output, and whom to tell."""
        self.program = program
        self.log = log
        self.ends = 0
        self._short_lives = 0
        self._listener = listener
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = asyncio.Event()
        self._ended = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """Give the running process's id."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if self._process is not None and running else None

    async def keep_running(self) -> None:
        """Start the program, and again each time it ends, until `stop` is called."""
        try:
            while not self._stopping.is_set():
                started = time.monotonic()
                code = await self._run_once()
                if self._stopping.is_set():
                    break
                self.ends += 1
                short = time.monotonic() - started < SHORT_LIFE
                self._short_lives = self._short_lives + 1 if short else 0
                self._listener.ended(self.program, _how(code))
                await self._pause()
        finally:
            self._kill()
            self._ended.set()

    async def _run_once(self) -> int:
        wrapper = (sys.executable, "-I", "-S", die_with_parent.__file__, str(os.getpid()))
        with self.log.open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                *wrapper,
                *self.program.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={**os.environ, **self.program.environment},
                cwd=source_root(),
                start_new_session=True,  # Ctrl-C is for the demo alone, which then stops all in order
            )
        if self._stopping.is_set():  # told to stop while the process was being made
            self._send(signal.SIGTERM)
        self._listener.started(self.program)
        return await self._process.wait()

    async def _pause(self) -> None:
        """Wait before the next start: not at all after the first short life, then longer each time."""
        if self._short_lives > 1:
            pause = min(FIRST_PAUSE * 2 ** (self._short_lives - 2), LONGEST_PAUSE)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause)

    async def stop(self, at_once: asyncio.Event) -> None:
        """End the process: kindly, or at once when its patience or ours is over."""
        self._stopping.set()
        self._send(signal.SIGTERM)
        hurry = at_once if self.program.may_be_hurried else asyncio.Event()
        ended, hurried = (asyncio.ensure_future(event.wait()) for event in (self._ended, hurry))
        await asyncio.wait(
            (ended, hurried), timeout=self.program.patience, return_when=asyncio.FIRST_COMPLETED
        )
        hurried.cancel()
        self._kill()
        await ended

    def _send(self, number: signal.Signals) -> None:
        if self.pid is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def _kill(self) -> None:
        self._send(signal.SIGKILL)


def _how(code: int) -> str:
    return f"exit code {code}" if code >= 0 else f"signal {-code}"
