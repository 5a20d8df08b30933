"""The official examples of FHIR R4: all pass, but for those that break R4 themselves (tests/refused_examples.csv)."""

import csv
import json
from pathlib import Path

import pytest

from services.sip.domain.shape import shape_issues
from services.sip.domain.shape.definitions import is_known_resource

HERE = Path(__file__).resolve()
REFUSED = HERE.parents[3] / "refused_examples.csv"
FOLDERS = [parent / "shared" / "data" / "r4-examples" for parent in HERE.parents]
EXAMPLES = sorted(path for folder in FOLDERS if folder.is_dir() for path in folder.glob("*.json"))


def refused() -> dict[str, str]:
    with REFUSED.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {row["example"]: row["reason"] for row in rows if row["rule"] == "structure"}


@pytest.mark.skipif(
    not EXAMPLES, reason="the official examples (shared/data/r4-examples) are not beside this clone"
)
def test_every_official_example_passes_unless_it_breaks_r4_itself() -> None:
    found: dict[str, str] = {}
    for path in EXAMPLES:
        resource = json.loads(path.read_bytes())
        if is_known_resource(resource["resourceType"]) and (issues := shape_issues(resource)):
            found[path.stem] = "; ".join(f"{issue.expression}: {issue.text}" for issue in issues)

    assert found == refused()
