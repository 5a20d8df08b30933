"""The embedded mongod: found, or said to be missing with what mends it; a primary that keeps what it has."""

import os
import signal
from pathlib import Path
from subprocess import DEVNULL
from typing import Any

import anyio
import pytest
from pymongo import MongoClient

from services.demo.addresses import free_port, is_free
from services.demo.mongod import mongod_command, mongod_url, see_it_is_a_replica_set, wait_for_primary
from services.demo.mongod_binary import find_mongod
from services.demo.obstacle import Obstacle

pytestmark = pytest.mark.anyio


def wheel_with(tmp_path: Path, script: str) -> Path:
    """Lay out site-packages with a mongod that only does what the script says, without its run bit."""
    binary = tmp_path / "fiftyone" / "db" / "bin" / "mongod"
    binary.parent.mkdir(parents=True)
    binary.write_text(script)
    return tmp_path


def complaint(site_packages: Path) -> str:
    with pytest.raises(Obstacle) as refused:
        find_mongod({"PATH": ""}, site_packages)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_mongod_on_path_comes_before_the_wheel(tmp_path: Path) -> None:
    mine = tmp_path / "mongod"
    mine.write_text("#!/bin/sh\nexit 0\n")
    mine.chmod(0o755)

    assert find_mongod({"PATH": str(tmp_path)}) == mine


def test_the_wheel_gets_its_run_bit(tmp_path: Path) -> None:
    site_packages = wheel_with(tmp_path, "#!/bin/sh\nexit 0\n")

    assert os.access(find_mongod({"PATH": ""}, site_packages), os.X_OK)


def test_a_missing_libcurl_is_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    loader = (
        "echo 'mongod: error while loading shared libraries: libcurl.so.4: cannot open shared object file: "
        "No such file or directory' >&2; exit 127"
    )

    said = complaint(wheel_with(tmp_path, f"#!/bin/sh\n{loader}\n"))

    assert "needs libcurl.so.4" in said
    assert said.endswith("apt-get install -y libcurl4")


def test_another_architecture_is_named(tmp_path: Path) -> None:
    said = complaint(wheel_with(tmp_path, "\x7fELF, but of another machine"))

    assert "cannot be run on" in said
    assert "SAMPLAN_MONGO_URL" in said


def test_a_processor_without_avx_is_named(tmp_path: Path) -> None:
    assert "AVX" in complaint(wheel_with(tmp_path, "#!/bin/sh\nkill -ILL $$\n"))


def test_no_mongod_at_all_is_said_with_what_mends_it(tmp_path: Path) -> None:
    assert "No mongod was found" in complaint(tmp_path)


async def test_what_was_written_survives_kill_9_and_a_move_to_another_port(tmp_path: Path) -> None:
    for expected, ended_by in ((0, signal.SIGKILL), (1, signal.SIGTERM)):
        port = free_port()
        command = mongod_command(find_mongod(os.environ), tmp_path, port)
        async with await anyio.open_process(command, stdout=DEVNULL) as process:
            assert await wait_for_primary(port, seconds=30)
            with MongoClient[dict[str, Any]](mongod_url(port), w="majority", journal=True) as client:
                found = client.demo.things.count_documents({})
                client.demo.things.insert_one({})
            await see_it_is_a_replica_set(mongod_url(port))
            process.send_signal(ended_by)

        assert found == expected


async def test_a_mongo_url_that_does_not_answer_is_said_before_anything_starts() -> None:
    with pytest.raises(Obstacle, match=r"SAMPLAN_MONGO_URL does not answer"):
        await see_it_is_a_replica_set(f"mongodb://127.0.0.1:{free_port()}/")


async def listening(port: int) -> None:
    """Wait until something listens there, however busy the machine is."""
    with anyio.fail_after(30):
        while is_free(port):  # noqa: ASYNC110 - another process cannot set an event
            await anyio.sleep(0.05)


async def test_a_lone_mongod_is_refused_because_it_has_no_transactions(tmp_path: Path) -> None:
    port = free_port()
    command = [str(find_mongod(os.environ)), "--dbpath", str(tmp_path), "--port", str(port), "--nounixsocket"]
    async with await anyio.open_process(command, stdout=DEVNULL) as process:
        try:
            await listening(port)
            with pytest.raises(Obstacle, match="no replica set"):
                await see_it_is_a_replica_set(f"mongodb://127.0.0.1:{port}/")
        finally:
            process.terminate()
