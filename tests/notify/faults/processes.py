"""notify's processes as they run in production, to be killed without warning."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import httpx2

from services.notify.settings import NotifySettings
from tests.loopback import free_port

READY_WITHIN = 30.0
ROOT = Path(__file__).parents[3]


class Process:
    """One process of notify, started with settings from its environment; `kill` is kill -9."""

    def __init__(self, run: str, settings: NotifySettings, log: Path) -> None:
        """Take `run_api` or `run_worker`, what it is told, and where its log goes."""
        self._run, self._settings, self._log = run, settings, log
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> Self:
        """Start, without waiting."""
        told = self._settings.model_dump(mode="json") | {"port": self.port}
        environment = {
            f"SAMPLAN_NOTIFY_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
            for name, value in told.items()
            if value is not None
        }
        code = f"from services.notify.main.{self._run.removeprefix('run_')} import {self._run}; {self._run}()"
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", code], env={**os.environ, **environment}, cwd=ROOT, stderr=log
            )
        return self

    def ready(self) -> Self:
        """Wait until it is ready to work."""
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if httpx2.get(f"{self.url}/readyz", trust_env=False).status_code == 200:
                    return self
            except httpx2.HTTPError:
                pass
            time.sleep(0.05)
        raise AssertionError(self._log.read_text()[-3000:])

    def kill(self) -> None:
        """End it as kill -9 does."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> float:
        """Ask it to end, and give how many seconds it took."""
        started = time.monotonic()
        self.process.terminate()
        self.process.wait(timeout=40)
        return time.monotonic() - started

    def __enter__(self) -> Self:
        return self.start().ready()

    def __exit__(self, *_failure: object) -> None:
        if self.process.poll() is None:
            self.kill()
