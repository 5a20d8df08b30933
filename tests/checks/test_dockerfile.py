"""The Dockerfile passes hadolint and the house's own demands, and each demand notices when it is not met."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.checks.dockerfile import faults
from tests.checks.tracked import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()


def lint(text: str) -> subprocess.CompletedProcess[str]:
    """What hadolint says; style counts as well."""
    command = [str(Path(sys.executable).with_name("hadolint")), "--failure-threshold", "style", "-"]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=False)


def test_hadolint_finds_nothing() -> None:
    answer = lint(DOCKERFILE)

    assert answer.returncode == 0, answer.stdout


def test_hadolint_would_find_something() -> None:
    assert lint(DOCKERFILE.replace("WORKDIR /build", "RUN cd /build")).returncode != 0


def test_the_image_is_what_it_should_be() -> None:
    assert faults(DOCKERFILE) == []


@pytest.mark.parametrize(
    ("there", "instead", "fault"),
    [
        ("FROM ${PYTHON_IMAGE}\n", "", "is built in stages"),
        ("python:3.11-slim-bookworm\n", "python:latest\n", "names its base with a version"),
        ("python:3.11-slim-bookworm\n", "python\n", "names its base with a version"),
        ("--require-hashes ", "", "installs only what is locked by hash, or what it built"),
        ("COPY services services", "ADD https://host.example/x.tar x", "fetches nothing by itself"),
        ("RUN python -m venv", "RUN apt-get install -y x && python -m venv", "fetches nothing by itself"),
        ("USER 10001:10001", "USER samplan", "runs as a number"),
        ("USER 10001:10001", "", "runs as a number"),
        ("USER 10001:10001", "USER 0", "runs as a number"),
        ('ENTRYPOINT ["/venv/bin/samplan"]', "ENTRYPOINT /venv/bin/samplan", "starts without a shell"),
        ('ENTRYPOINT ["/venv/bin/samplan"]', 'ENTRYPOINT ["sh", "-c", "samplan"]', "starts without a shell"),
        ("image.licenses", "image.licence", "says what it is"),
        ("ENV PYTHONUNBUFFERED=1", "ENV CLIENT_SECRET=x", "takes no secret"),
    ],
)
def test_each_fault_would_be_found(there: str, instead: str, fault: str) -> None:
    assert there in DOCKERFILE

    assert fault in faults(DOCKERFILE.replace(there, instead))


def test_nothing_but_what_the_image_is_built_from_reaches_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    copied = {"LICENSE", "README.md", "contracts", "pyproject.toml", "requirements", "services"}

    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied
