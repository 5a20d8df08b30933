"""Every answer that the FHIR tests got is valid R4, in the eyes of two validators that nobody here wrote."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
pytestmark = pytest.mark.system


def test_every_answer_is_valid() -> None:
    folder = os.environ.get("SAMPLAN_ANSWERS", "")
    assert folder and list(Path(folder).glob("*.ndjson")), "no answers were kept: run make conformance"  # noqa: PT018 - one thing
    done = subprocess.run(
        ["node", str(HERE / "validate.mjs"), folder], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
