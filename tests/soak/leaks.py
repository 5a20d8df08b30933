"""Would a leak be caught? Each is put into a copy of the code, where the differential test must then fail.

By hand: `python -m tests.soak.leaks`. A leak that is not caught, or no longer fits the code, ends with 1.
"""

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.checks.tracked import ROOT, tracked_files

TEST: Final = "tests/sip/access/test_differential.py"
SIP: Final = "services/sip/"


@dataclass(frozen=True, slots=True)
class Leak:
    """What leaks: in a file, one text becomes another."""

    name: str
    path: str
    before: str
    after: str


LEAKS: Final = (
    Leak("read", "storage/mongo_records.py", '{"key": key, "current": True, **readable(sight, now)}, OUT',
         '{"key": key, "current": True}, OUT'),
    Leak("search", "storage/record_search.py", "return {**search_filter(query), **readable(self.sight, self.now)}",
         "return {**search_filter(query)}"),
    Leak("_total", "storage/record_search.py", "count_documents(self.wanted(query), maxTimeMS",
         "count_documents(search_filter(query), maxTimeMS"),
    Leak("_include", "use_cases/include_resources.py", 'by_sight.setdefault(sight_of(kind, asking, "s"), [])',
         "by_sight.setdefault(Sight(), [])"),
    Leak("chain", "use_cases/follow_links.py", 'searching(sight_of(kind, asking, "s"), asking.now)',
         'searching(replace(sight_of(kind, asking, "s"), reader=None), asking.now)'),
    Leak("history", "storage/mongo_history.py", "**state, **readable(sight, now)}", "**state}"),
    Leak("$everything", "storage/mongo_records.py", """            "type": {"$in": list(types)},
            **readable(sight, now),
""", """            "type": {"$in": list(types)},
"""),
    Leak("conditional create", "use_cases/search_resources.py", "sight_of_search(query, asking), asking.now)",
         'Sight() if asked == "criteria of a write" else sight_of_search(query, asking), asking.now)'),
    Leak("error text of a reference", "use_cases/check_references.py",
         "held is None or held.deleted or not (key in drafted or may_see(held, asking) or key == person)",
         "held is None or held.deleted"),
    Leak("error of an update", "use_cases/check_updates.py",
         "before is None or not may_see(before, asking, draft.interaction)", "before is None"),
)  # fmt: skip


def main() -> None:
    """Try each leak."""
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for path in tracked_files():
            (copy / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / path, copy / path)
        if not passes(copy):
            raise SystemExit("the test fails without any leak")
        for leak in LEAKS:
            caught = tried(leak, copy)
            print(f"{'caught' if caught else 'NOT CAUGHT'}: a leak in {leak.name}", flush=True)
            missed += [] if caught else [leak.name]
    raise SystemExit(bool(missed))


def tried(leak: Leak, copy: Path) -> bool:
    """Put a leak in, tell whether the test fails, and take it out."""
    path = copy / SIP / leak.path
    sound = path.read_text(encoding="utf-8")
    if sound.count(leak.before) != 1:
        raise SystemExit(f"{leak.path} does not hold once: {leak.before}")
    path.write_text(sound.replace(leak.before, leak.after), encoding="utf-8")
    try:
        return not passes(copy)
    finally:
        path.write_text(sound, encoding="utf-8")


def passes(copy: Path) -> bool:
    """Run the differential test in the copy; an error on the way there counts for nothing."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", TEST],
        check=False,
        cwd=copy,
        capture_output=True,
        text=True,
    )
    if done.returncode not in {0, 1} or (done.returncode == 1 and " failed" not in done.stdout):
        raise SystemExit(done.stdout[-3000:])
    return done.returncode == 0


if __name__ == "__main__":
    main()
