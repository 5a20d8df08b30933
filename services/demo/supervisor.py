"""The demo's processes together: begun, waited for, kept running, noted down and stopped in order."""

import asyncio
import os
import time
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, Final

import httpx2

from services.demo.child import Child, Program
from services.demo.demo_directory import STOPPING, DemoDirectory
from services.demo.obstacle import Obstacle
from services.demo.stop_signals import StopSignals

MOST_ENDS: Final = 3  # a process that ended so often before it was ready will not stay up
ASK_EVERY: Final = 0.1  # seconds
ASK_TIMEOUT: Final = 2.0


class Supervisor:
    """Holds the children of one demo; `say` prints one line for the person at the terminal."""

    def __init__(self, directory: DemoDirectory, say: Callable[[str], None]) -> None:
        """Take the demo's folder and how to speak."""
        self._directory = directory
        self._say = say
        self._children: dict[str, Child] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._note: dict[str, Any] = {"pid": os.getpid()}

    async def run(
        self, bring_up: Coroutine[Any, Any, None], signals: StopSignals, order: Iterable[Iterable[str]]
    ) -> None:
        """Bring everything up, serve until a signal asks to stop, and stop in order, whatever happened."""
        work = asyncio.create_task(bring_up)
        wanted = asyncio.create_task(signals.wanted.wait())
        try:
            await asyncio.wait((work, wanted), return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()  # raises what kept it from coming up
                await wanted
        finally:
            for task in (work, wanted):
                task.cancel()
            await asyncio.gather(work, wanted, return_exceptions=True)
            self.note(state=STOPPING)
            await self.stop(order, signals.at_once)
            self._directory.forget_running()

    def begin(self, programs: Iterable[Program]) -> None:
        """Start the programs; from now on they are kept running."""
        for program in programs:
            child = Child(program, self._directory.log(program.name), self)
            self._children[program.name] = child
            self._tasks.append(asyncio.create_task(child.keep_running(), name=program.name))

    async def wait_until_ready(self, programs: Iterable[Program], *, seconds: float) -> None:
        """Wait until each program's ready address answers 200; Obstacle names one that does not."""
        waiting = {program.name: program for program in programs if program.ready_url}
        until = time.monotonic() + seconds
        async with httpx2.AsyncClient(trust_env=False, timeout=ASK_TIMEOUT) as client:
            while waiting:
                for name in [name for name, program in waiting.items() if await _is_ready(client, program)]:
                    del waiting[name]
                for name in waiting:
                    self.see_it_stays_up(name, too_late=time.monotonic() > until)
                if waiting:
                    await asyncio.sleep(ASK_EVERY)

    def see_it_stays_up(self, name: str, *, too_late: bool = False) -> None:
        """Raise Obstacle when a starting process keeps ending, or has had all the time it gets."""
        child = self._children[name]
        if child.ends >= MOST_ENDS:
            raise Obstacle(f"{name} does not stay up. {_last_words(child.log)}")
        if too_late:
            raise Obstacle(f"{name} does not become ready. {_last_words(child.log)}")

    async def stop(self, order: Iterable[Iterable[str]], at_once: asyncio.Event) -> None:
        """Stop the children group by group, each group side by side; those begun but not named go last."""
        groups = [list(group) for group in order]
        named = {name for group in groups for name in group}
        groups.append([name for name in self._children if name not in named])
        for group in groups:
            children = [self._children[name] for name in group if name in self._children]
            await asyncio.gather(*(child.stop(at_once) for child in children))
        await asyncio.gather(*self._tasks)

    def note(self, **facts: Any) -> None:
        """Write down what runs now, with these facts beside it."""
        self._note |= facts
        pids = {name: child.pid for name, child in self._children.items() if child.pid}
        self._directory.note_running({**self._note, "processes": pids})

    def started(self, program: Program) -> None:
        """Note the new process's id."""
        del program
        self.note()

    def ended(self, program: Program, how: str) -> None:
        """Tell the person that a process ended by itself."""
        self._say(f"{program.name} ended ({how}); it is started again")


async def _is_ready(client: httpx2.AsyncClient, program: Program) -> bool:
    try:
        answer = await client.get(program.ready_url or "")
    except httpx2.HTTPError:
        return False
    return answer.status_code == 200


def _last_words(log: Path) -> str:
    """Give the end of a log: its last line and where the rest is."""
    try:
        lines = log.read_text(errors="replace").strip().splitlines()
    except FileNotFoundError:
        lines = []
    return f"Its last words: {lines[-1][-300:] if lines else 'none'}. More in {log}"
