"""One run of wrk, and what it says."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SCRIPT: Final = Path(__file__).with_name("requests.lua")


@dataclass(frozen=True, slots=True)
class Measured:
    """Requests per second, latency in milliseconds, and how many answers were no success."""

    per_second: float
    p50: float
    p99: float
    failed: int


def wrk(
    url: str, *, connections: int, seconds: float, token: str = "", requests: Path | None = None
) -> Measured:
    """Load one address, or the requests of a file, for so long with so many connections."""
    command = ["wrk", "--latency", "-t1", f"-c{connections}", f"-d{seconds:g}s", "--timeout", "10s"]
    if token:
        command += ["-H", f"Authorization: Bearer {token}"]
    if requests is not None:
        command += ["-s", str(SCRIPT)]
    command += [url] + (["--", str(requests)] if requests is not None else [])
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return Measured(
        _number(r"Requests/sec:\s+([\d.]+)", said),
        _milliseconds("50%", said),
        _milliseconds("99%", said),
        int(failed[1]) if failed else 0,
    )


def _number(pattern: str, said: str) -> float:
    found = re.search(pattern, said)
    if not found:
        raise RuntimeError(said)
    return float(found[1])


def _milliseconds(percentile: str, said: str) -> float:
    found = re.search(rf"{percentile}\s+([\d.]+)(us|ms|s)", said)
    if not found:
        raise RuntimeError(said)
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]
