"""On a machine that lacks something the doctor says so in one line, with the one command that mends it."""

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.checks.tracked import ROOT

TOOLS = ["sh", "env", "id", "uname", "basename", "dirname"]


@dataclass
class Machine:
    """A machine on which only some programs can be found: real tools, and stand-ins that answer as told."""

    programs: Path
    environment: dict[str, str] = field(default_factory=dict)

    def put(self, name: str, script: str) -> None:
        """Install a program."""
        path = self.programs / name
        path.unlink(missing_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def python(self, name: str = "python3", *, version: str = "3.11.2", lacks: str = "") -> None:
        """Install a stand-in for Python that cannot import what it lacks."""
        old = tuple(map(int, version.split("."))) < (3, 11)
        refusals = f'*"{lacks}"*) exit 1 ;;' if lacks else ""
        too_old = "*version_info*) exit 1 ;;" if old else ""
        self.put(
            name,
            f'case "$*" in\n-V) echo "Python {version}" ;;\n*sys.executable*) echo /usr/bin/{name} ;;\n'
            f"{too_old}\n{refusals}\nesac",
        )

    def doctor(self, check: str) -> subprocess.CompletedProcess[str]:
        """Ask the doctor."""
        environment = {"PATH": str(self.programs), "GOAL": "demo", **self.environment}
        command = ["/bin/sh", str(ROOT / "scripts" / "doctor.sh"), check]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A Linux machine of the right architecture with nothing else on it."""
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found
        (tmp_path / tool).symlink_to(found)
    here = Machine(tmp_path)
    here.put("uname", 'case "$1" in -s) echo Linux ;; *) echo x86_64 ;; esac')
    here.put("id", "echo 1000")
    return here


def the_one_line(answer: subprocess.CompletedProcess[str]) -> str:
    """What was said, when it is one line and the check failed."""
    assert answer.returncode == 1
    assert answer.stdout == ""
    (line,) = answer.stderr.splitlines()
    assert line.startswith("samplan: ")
    assert "Mend: " in line
    return line


def test_a_machine_that_has_everything_hears_nothing(machine: Machine) -> None:
    machine.python()

    for check in ("setup", "mongod"):
        answer = machine.doctor(check)
        assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")


def test_without_python_all_that_apt_can_mend_is_named_at_once(machine: Machine) -> None:
    line = the_one_line(machine.doctor("setup"))

    assert line.endswith("sudo apt-get update && sudo apt-get install -y python3 python3-venv libcurl4")


def test_without_venv_its_package_is_named(machine: Machine) -> None:
    machine.python(lacks="ensurepip")

    assert the_one_line(machine.doctor("setup")).endswith("apt-get install -y python3-venv")


def test_without_venv_of_a_chosen_python_the_package_of_that_one_is_named(machine: Machine) -> None:
    machine.python("python3.12", lacks="ensurepip")
    machine.environment["PYTHON"] = "python3.12"

    assert the_one_line(machine.doctor("setup")).endswith("apt-get install -y python3.12-venv")


def test_root_of_a_container_is_not_told_to_use_sudo(machine: Machine) -> None:
    machine.put("id", "echo 0")
    machine.python(lacks="ensurepip")

    assert "sudo" not in the_one_line(machine.doctor("setup"))


def test_an_old_python_is_answered_with_the_newer_one_at_hand(machine: Machine) -> None:
    machine.python(version="3.9.2")
    machine.python("python3.12", version="3.12.1")

    line = the_one_line(machine.doctor("setup"))

    assert "Python 3.9.2" in line
    assert line.endswith("Mend: make demo PYTHON=python3.12")


def test_an_old_python_alone_is_answered_with_the_package_of_a_newer_one(machine: Machine) -> None:
    machine.python(version="3.10.12")

    line = the_one_line(machine.doctor("setup"))

    assert line.endswith("install -y python3.11 python3.11-venv && make demo PYTHON=python3.11")


def test_a_python_that_is_not_there_is_said_to_be_missing(machine: Machine) -> None:
    machine.environment["PYTHON"] = "python4"

    assert "there is no python4" in the_one_line(machine.doctor("setup"))


@pytest.mark.parametrize("check", ["setup", "mongod"])
def test_without_libcurl_its_package_is_named(machine: Machine, check: str) -> None:
    machine.python(lacks="libcurl")

    assert the_one_line(machine.doctor(check)).endswith("sudo apt-get install -y libcurl4")


@pytest.mark.parametrize(("system", "processor"), [("Linux", "aarch64"), ("Darwin", "arm64")])
def test_another_architecture_is_told_of_its_two_ways_out(
    machine: Machine, system: str, processor: str
) -> None:
    machine.python(lacks="libcurl")
    machine.put("uname", f'case "$1" in -s) echo {system} ;; *) echo {processor} ;; esac')

    line = the_one_line(machine.doctor("mongod"))

    assert f"{system} {processor}" in line
    assert re.search(r"mongod is on PATH, or: make demo SAMPLAN_MONGO_URL=", line)


def test_who_brings_a_mongod_needs_neither_libcurl_nor_our_architecture(machine: Machine) -> None:
    machine.python(lacks="libcurl")
    machine.put("uname", 'case "$1" in -s) echo Linux ;; *) echo aarch64 ;; esac')
    machine.put("mongod", "exit 0")

    assert machine.doctor("setup").returncode == 0
    assert machine.doctor("mongod").returncode == 0


def test_who_names_a_database_needs_neither(machine: Machine) -> None:
    machine.python(lacks="libcurl")
    machine.environment["SAMPLAN_MONGO_URL"] = "mongodb://db.example/?replicaSet=rs0"

    assert machine.doctor("setup").returncode == 0
    assert machine.doctor("mongod").returncode == 0
