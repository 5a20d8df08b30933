"""Every answer that the FHIR tests got is valid R4, in the eyes of two validators that nobody here wrote."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
pytestmark = pytest.mark.system

GOAL = {
    "resourceType": "Goal",
    "id": "1",
    "lifecycleStatus": "proposed",
    "description": {"text": "x"},
    "subject": {"reference": "Patient/1"},
}
PLAN = {
    "resourceType": "CarePlan",
    "status": "draft",
    "intent": "plan",
    "subject": {"reference": "Patient/1"},
}
WRONG: dict[str, tuple[Any, str]] = {
    "a code that is none": (GOAL | {"lifecycleStatus": "banana"}, "fhir"),
    "a wrong target": (GOAL | {"subject": {"reference": "Task/1"}}, "fhir"),
    "nothing required": ({"resourceType": "Goal"}, "fhir"),
    "an element that is none": (GOAL | {"banana": 1}, "@medplum/core"),
    "a broken invariant": (
        PLAN | {"activity": [{"reference": {"reference": "Task/1"}, "detail": {"status": "unknown"}}]},
        "@medplum/core",
    ),
}


def judged(folder: Path | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["node", str(HERE / "validate.mjs"), str(folder)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def test_every_answer_is_valid() -> None:
    folder = os.environ.get("SAMPLAN_ANSWERS", "")
    assert folder, "no answers were kept: run make conformance"
    assert list(Path(folder).glob("*.ndjson")), f"no answers were kept in {folder}: run make conformance"
    done = judged(folder)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", WRONG)
def test_the_validators_see_what_is_wrong(tmp_path: Path, name: str) -> None:
    resource, validator = WRONG[name]
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": resource}]}
    (tmp_path / "1.ndjson").write_text(json.dumps({"asked": name, "body": json.dumps(bundle)}) + "\n")
    done = judged(tmp_path)
    assert done.returncode == 1
    assert f"{validator}: Bundle of {name}" in done.stdout
