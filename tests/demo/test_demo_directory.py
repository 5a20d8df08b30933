"""The demo's folder: what is kept, what is removed, and who may hold it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.demo.demo_directory import LARGEST_LOG, DemoDirectory, demo_directory
from services.demo.obstacle import Obstacle


@pytest.fixture
def directory(tmp_path: Path) -> DemoDirectory:
    return DemoDirectory(tmp_path / ".demo")


def test_a_reset_removes_what_the_demo_made_and_nothing_else(directory: DemoDirectory) -> None:
    directory.mongo.mkdir()
    directory.log("sip api").write_text("words")
    directory.note_running({"pid": 1})
    (directory.path / "mine.txt").write_text("not the demo's")

    directory.empty()

    assert [path.name for path in directory.path.iterdir()] == ["mine.txt"]


def test_only_one_demo_holds_the_folder(directory: DemoDirectory) -> None:
    with directory.held():
        directory.note_running({"pid": os.getpid(), "state": "ready"})
        with pytest.raises(Obstacle, match=r"running already \(process \d+\)\. Mend: kill \d+"):
            DemoDirectory(directory.path).held().__enter__()
    with DemoDirectory(directory.path).held():
        pass


def test_a_log_that_has_grown_large_is_put_aside_once(directory: DemoDirectory) -> None:
    log = directory.log("sip relay")
    log.write_bytes(b"x" * (LARGEST_LOG + 1))

    directory.put_old_logs_aside()

    assert log.name == "sip-relay.log"
    assert not log.exists()
    assert log.with_suffix(".log.old").exists()


def test_the_folder_stands_in_the_checkout_unless_told_otherwise(tmp_path: Path) -> None:
    elsewhere = demo_directory({"SAMPLAN_DEMO_DIR": str(tmp_path / "there")})

    assert elsewhere.path == tmp_path / "there"
    assert elsewhere.path.stat().st_mode & 0o777 == 0o700


def test_the_note_of_a_demo_that_was_killed_counts_as_none(directory: DemoDirectory) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as ended:
        pass
    directory.note_running({"pid": ended.pid, "state": "ready"})

    assert directory.running() is None


def test_a_folder_that_cannot_be_made_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(Obstacle, match=r"cannot be made .* Mend: SAMPLAN_DEMO_DIR="):
        DemoDirectory(tmp_path / "file" / ".demo")
