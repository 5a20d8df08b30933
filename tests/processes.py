"""Processes of ours, run as they are in production, and what the machine says of them."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2

from tests.loopback import free_port
from tests.sip.harness import BASE, County

ROOT: Final = Path(__file__).parents[1]
READY_WITHIN: Final = 60.0


@dataclass(frozen=True)
class Process:
    """A running process: its address, and the process itself to be killed."""

    url: str
    popen: "subprocess.Popen[bytes]"

    def peak_megabytes(self) -> float:
        """Give the most memory that it ever held."""
        status = Path(f"/proc/{self.popen.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024

    def cpu_seconds(self) -> float:
        """Give the processor time that it used."""
        fields = Path(f"/proc/{self.popen.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def sip_api(served: County, log: Path) -> Iterator[Process]:
    """Run `sip api` as a process of its own on the county's database, until the block ends."""
    with sip_process("api", served, log) as process:
        yield process


@contextlib.contextmanager
def sip_measures(served: County, log: Path, lease: float) -> Iterator[Process]:
    """Run `sip measures` likewise; ready means that figures are shown."""
    with sip_process("measures", served, log, measures_lease_seconds=str(lease)) as process:
        yield process


@contextlib.contextmanager
def sip_process(name: str, served: County, log: Path, **settings: str) -> Iterator[Process]:
    """Run a process of sip, ready when the block begins; settings are named as in settings.py."""
    port = free_port()
    told = {
        "MONGO_URL": served.mongo_url, "MONGO_DATABASE": served.database, "PUBLIC_BASE": BASE, "PORT": str(port),
        "ISSUERS": json.dumps([served.issuer.setting()]), "TOKEN_URL": served.issuer.token_url, "CLIENT_ID": "sip",
        "CLIENT_SECRET": "not-used-here", "CLIENT_REQUESTS_PER_SECOND": "100000",
        **{key.upper(): value for key, value in settings.items()},
    }  # fmt: skip
    environment = {**os.environ, **{f"SAMPLAN_SIP_{key}": value for key, value in told.items()}}
    with log.open("ab") as output:
        popen = subprocess.Popen(
            [sys.executable, "-m", "services.cli", "sip", name], env=environment, cwd=ROOT, stderr=output
        )
    process = Process(f"http://127.0.0.1:{port}", popen)
    try:
        until = time.monotonic() + READY_WITHIN
        while not _is_ready(process.url):
            assert popen.poll() is None, log.read_text()[-2000:]
            assert time.monotonic() < until, log.read_text()[-2000:]
            time.sleep(0.05)
        yield process
    finally:
        popen.kill()
        popen.wait()


def _is_ready(url: str) -> bool:
    with contextlib.suppress(httpx2.HTTPError):
        return httpx2.get(f"{url}/readyz", trust_env=False).status_code == 200
    return False
