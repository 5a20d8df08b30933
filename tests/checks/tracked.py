"""What belongs to the repository: the files git tracks or would track, without git the folder's own."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {".git", ".venv", ".demo", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".import_linter_cache"}
NOT_OURS |= {".hypothesis", "__pycache__", "dist", "build"}


def tracked_files() -> list[Path]:
    """Every file of the repository, new ones too, relative to its root."""
    listed = _listed_by_git()
    found = listed if listed is not None else _found_by_walking()
    return sorted(path for path in found if (ROOT / path).is_file())


def python_modules() -> list[Path]:
    """Every Python module of the repository."""
    return [path for path in tracked_files() if path.suffix == ".py"]


def text_of(path: Path) -> str:
    """The file's text; bytes that are no UTF-8 become replacement characters."""
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def _listed_by_git() -> set[Path] | None:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None  # an unpacked archive, or a machine without git
    return {Path(name) for name in done.stdout.decode().split("\0") if name}


def _found_by_walking() -> Iterator[Path]:
    for path in ROOT.rglob("*"):
        relative = path.relative_to(ROOT)
        if not NOT_OURS.intersection(relative.parts) and path.is_file():
            yield relative
