"""The command line: every command explains itself, and says in one line what stands in its way."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.cli import app
from services.notify.settings import NotifySettings
from services.sip.settings import SipSettings

ROOT = Path(__file__).parents[2]
PROCESSES = [("sip", "api"), ("sip", "relay"), ("sip", "measures"), ("notify", "api"), ("notify", "worker")]
COMMANDS = [(), ("demo",), ("tour",), ("token",), ("personas",), ("sip",), ("notify",), *PROCESSES]
GOOD = {
    "MONGO_URL": "mongodb://127.0.0.1:1/",
    "PUBLIC_BASE": "http://127.0.0.1:8000",
    "ISSUERS": '[{"issuer": "x", "jwks_uri": "http://127.0.0.1:1/jwks"}]',
    "TOKEN_URL": "http://127.0.0.1:1/token",
    "CLIENT_ID": "one",
    "CLIENT_SECRET": "confidential",
}


def asked(*words: str, **environment: str) -> Result:
    """Run a command that starts nothing, within this process."""
    return CliRunner().invoke(app, words, env=environment)


def samplan(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as people do, in a process of its own."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("SAMPLAN_")}
    return subprocess.run(
        [sys.executable, "-m", "services.cli", *words],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**own, **environment},
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: tuple[str, ...]) -> None:
    answer = asked(*command, "--help")

    assert answer.exit_code == 0
    assert answer.stdout.startswith("Usage: ")
    assert len(answer.stdout.splitlines()) > 5
    assert max(map(len, answer.stdout.splitlines())) <= 100


@pytest.mark.parametrize("command", PROCESSES, ids=" ".join)
def test_a_processes_help_tells_of_every_setting_it_reads(command: tuple[str, ...]) -> None:
    told = " ".join(asked(*command, "--help").stdout.split())
    settings = SipSettings if command[0] == "sip" else NotifySettings

    for name, field in settings.model_fields.items():
        assert field.description, f"{name} has no line under it that says what it is for"
        assert f"SAMPLAN_{command[0].upper()}_{name.upper()} {' '.join(field.description.split())}" in told


@pytest.mark.parametrize("command", PROCESSES, ids=" ".join)
def test_each_missing_setting_is_one_clear_line(command: tuple[str, ...]) -> None:
    answer = asked(*command)

    assert answer.exit_code == 2
    assert answer.stdout == ""
    assert [line.split(":")[1].strip() for line in answer.stderr.splitlines()] == [
        f"SAMPLAN_{command[0].upper()}_{name}" for name in GOOD
    ]
    assert all("is not set" in line for line in answer.stderr.splitlines())


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("ISSUERS", "confidential, not json", "SAMPLAN_SIP_ISSUERS"),
        ("ISSUERS", '[{"issuer": "x"}]', "SAMPLAN_SIP_ISSUERS (0.jwks_uri)"),
        ("PORT", "confidential", "SAMPLAN_SIP_PORT"),
    ],
)
def test_a_setting_that_is_wrong_is_named_and_not_repeated(name: str, value: str, said: str) -> None:
    given = {f"SAMPLAN_SIP_{key}": text for key, text in {**GOOD, name: value}.items()}

    answer = asked("sip", "api", **given)

    assert answer.exit_code == 2
    assert said in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
    assert "confidential" not in answer.stderr


def test_a_token_without_a_running_demo_says_how_to_start_one(tmp_path: Path) -> None:
    answer = samplan("token", "region-gp", SAMPLAN_DEMO_DIR=str(tmp_path))

    assert (answer.returncode, answer.stdout) == (1, "")
    assert "No demo is running here. Mend: make demo" in answer.stderr


def test_a_persona_there_is_not_is_told_where_to_look(tmp_path: Path) -> None:
    answer = samplan("token", "doctor", SAMPLAN_DEMO_DIR=str(tmp_path))

    assert answer.returncode == 1
    assert answer.stderr == "samplan: There is no persona 'doctor'. Mend: samplan personas\n"


def test_the_personas_are_listed_with_where_they_work() -> None:
    listed = asked("personas").stdout

    assert "municipal-nurse" in listed
    assert "Björkvalla hemsjukvård" in listed
    assert "user/*.crus" in listed


def test_a_port_that_is_none_is_told_before_anything_starts(tmp_path: Path) -> None:
    answer = samplan("demo", SAMPLAN_DEMO_DIR=str(tmp_path), SAMPLAN_PORT="99999")

    assert answer.returncode == 1
    assert answer.stderr.startswith("samplan: SAMPLAN_PORT is '99999'")
    assert [path.name for path in tmp_path.iterdir()] == []


def test_a_reset_leaves_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "mongo").mkdir()
    (tmp_path / "credentials.json").write_text("{}")

    answer = samplan("demo", "--reset", SAMPLAN_DEMO_DIR=str(tmp_path))

    assert answer.returncode == 0
    assert list(tmp_path.iterdir()) == []
