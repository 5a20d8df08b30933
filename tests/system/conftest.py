"""A clean copy of the repository, set up by its own Makefile and nothing else."""

import shutil
from collections.abc import Iterator

import pytest

from services.demo.addresses import LISTENERS, is_free
from tests.checks.tracked import ROOT, tracked_files
from tests.system.clean_copy import Copy


@pytest.fixture(scope="session")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """Copy what belongs to the repository, and only that."""
    folder = tmp_path_factory.mktemp("clean") / "samplan"
    for path in tracked_files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, folder / path)
    port = next(
        first for first in range(21000, 29000, 10) if all(map(is_free, range(first, first + len(LISTENERS))))
    )
    made = Copy(folder, port)
    yield made
    for terminal in made.terminals:
        terminal.close()
    made.left_after(20)
