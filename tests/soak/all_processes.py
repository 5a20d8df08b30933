"""The whole chain as processes of their own: sip api and relay, notify api and worker, each killed and begun anew."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import httpx2

from tests.issuer import CLIENT_SECRET, TestIssuer
from tests.loopback import free_port

ROOT: Final = Path(__file__).parents[2]
READY_WITHIN: Final = 90.0
COMMANDS: Final = {
    "sip-api": ["-m", "services.cli", "sip", "api"],
    "sip-relay": ["-m", "services.cli", "sip", "relay"],
    "notify-api": ["-m", "services.cli", "notify", "api"],
    "notify-worker": ["-m", "services.cli", "notify", "worker"],
}
MUTANT: Final = ["-m", "tests.soak.marks_before_post"]


class Chain:
    """Four processes at fixed ports; `kill` is kill -9, and begins the process anew at once."""

    def __init__(self, mongo_url: str, issuer: TestIssuer, log: Path, *, mutant: bool = False) -> None:
        self._mongo_url, self._issuer, self._log = mongo_url, issuer, log
        self._commands = {**COMMANDS, **({"notify-worker": MUTANT} if mutant else {})}
        self.ports = {name: free_port() for name in COMMANDS}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def start(self) -> None:
        for name in COMMANDS:
            self._start(name)
        for name in COMMANDS:
            self.ready(name)

    def stop(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()

    def kill(self, name: str) -> None:
        self._running[name].send_signal(signal.SIGKILL)
        self._running[name].wait()
        self._start(name)

    def ready(self, name: str) -> None:
        until = time.monotonic() + READY_WITHIN
        while time.monotonic() < until:
            if self._running[name].poll() is not None:
                self._start(name)  # a port that was not free yet, or no primary at the start
            try:
                if httpx2.get(f"{self.url(name)}/readyz", trust_env=False).status_code == 200:
                    return
            except httpx2.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError(f"{name} is not ready: " + self._log.read_text()[-3000:])

    def _start(self, name: str) -> None:
        told = {
            **self._told(name.partition("-")[0]),
            "PORT": str(self.ports[name]),
        }
        prefix = f"SAMPLAN_{name.partition('-')[0].upper()}_"
        environment = {**os.environ, **{prefix + key: value for key, value in told.items()}}
        with self._log.open("ab") as log:
            self._running[name] = subprocess.Popen(
                [sys.executable, *self._commands[name]], env=environment, cwd=ROOT, stderr=log, stdout=log
            )

    def _told(self, service: str) -> dict[str, str]:
        common: dict[str, Any] = {
            "MONGO_URL": self._mongo_url,
            "MONGO_DATABASE": f"ledger_{service}",
            "PUBLIC_BASE": self._issuer.audience,
            "ISSUERS": [self._issuer.setting()],
            "TOKEN_URL": self._issuer.token_url,
            "CLIENT_ID": service,
            "CLIENT_SECRET": CLIENT_SECRET,
        }
        own: dict[str, dict[str, Any]] = {
            "sip": {"NOTIFY_URL": self.url("notify-api"), "RELAY_POLL_SECONDS": "0.3"},
            "notify": {
                "SIP_URL": self.url("sip-api"),
                "ALLOWED_ENDPOINTS": [{"host": "127.0.0.1", "networks": ["127.0.0.0/8"], "plain_http": True}],
                "RETRY_WAITS": [0.0, 0.2, 0.5, *[1.0] * 40],
                "LEASE_SECONDS": "3",
                "POLL_SECONDS": "0.3",
            },
        }
        every = {**common, **own[service]}
        return {key: value if isinstance(value, str) else json.dumps(value) for key, value in every.items()}
