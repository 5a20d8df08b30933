"""The demo's own folder, `.demo/`: what it keeps between runs, and who is running now."""

import contextlib
import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import services
from services.demo.obstacle import Obstacle

RUNNING: Final = "running.json"
STOPPING: Final = "stopping"
WAIT_FOR_STOPPING: Final = 15.0  # seconds
KEPT: Final = (
    "mongo",
    "logs",
    "credentials.json",
    "signing-key.json",
    "seal-key.json",
    "residents.json",
    "mongo-port",
    RUNNING,
)
"""Everything the demo ever puts there; nothing else is removed by a reset."""

LARGEST_LOG: Final = 5_000_000  # bytes; a log beyond this is put aside at the start


class DemoDirectory:
    """Paths in the folder, the lock that one demo holds, and the note of what runs."""

    def __init__(self, path: Path) -> None:
        """Take the folder; it is made, for its owner alone, when it is not there."""
        self.path = path
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as failure:
            raise Obstacle(
                f"{path} cannot be made ({failure.strerror}). Mend: SAMPLAN_DEMO_DIR=~/samplan-demo make demo"
            ) from None

    @property
    def mongo(self) -> Path:
        """Give mongod's folder."""
        return self.path / "mongo"

    def log(self, name: str) -> Path:
        """Give the log file of a process, named as people name it."""
        (self.path / "logs").mkdir(exist_ok=True)
        return self.path / "logs" / f"{name.replace(' ', '-')}.log"

    def put_old_logs_aside(self) -> None:
        """Start a new log where the old one has grown large; one old log is kept."""
        for log in (self.path / "logs").glob("*.log"):
            if log.stat().st_size > LARGEST_LOG:
                log.replace(log.with_suffix(".log.old"))

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder for one demo; the kernel lets go of it even when the demo is killed."""
        descriptor = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self._take(descriptor)
            yield
        finally:
            os.close(descriptor)

    def _take(self, descriptor: int) -> None:
        """Take the lock, waiting only for a demo that is on its way out."""
        until = time.monotonic() + WAIT_FOR_STOPPING
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = self.running() or {}
                if holder.get("state") != STOPPING or time.monotonic() > until:
                    process = holder.get("pid", "?")
                    raise Obstacle(
                        f"A demo of this folder is running already (process {process}). Mend: kill {process}"
                    ) from None
                time.sleep(0.1)
            else:
                return

    def note_running(self, note: Mapping[str, Any]) -> None:
        """Write down what runs, for the other commands."""
        write_private(self.path / RUNNING, json.dumps(note, indent=1))

    def forget_running(self) -> None:
        """Remove the note."""
        (self.path / RUNNING).unlink(missing_ok=True)

    def running(self) -> dict[str, Any] | None:
        """Read what runs; None when nothing does, also when a demo was killed and left its note."""
        try:
            note: dict[str, Any] = json.loads((self.path / RUNNING).read_text())
            os.kill(note["pid"], 0)
        except (FileNotFoundError, ProcessLookupError):
            return None
        return note

    def empty(self) -> None:
        """Remove all that the demo has kept."""
        for name in KEPT:
            path = self.path / name
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def demo_directory(environment: Mapping[str, str]) -> DemoDirectory:
    """Give SAMPLAN_DEMO_DIR, else `.demo` at the root of the checkout, else `.demo` where we stand."""
    if given := environment.get("SAMPLAN_DEMO_DIR"):
        return DemoDirectory(Path(given).absolute())
    root = source_root()
    return DemoDirectory((root if (root / "pyproject.toml").exists() else Path.cwd()) / ".demo")


def source_root() -> Path:
    """Give the folder that holds the package `services`."""
    return Path(services.__file__ or "services/__init__.py").absolute().parents[1]


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone may read, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    draft.replace(path)
