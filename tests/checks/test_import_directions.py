"""Each import contract is broken once on purpose, in a small tree, to see that it is caught."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.checks.tracked import ROOT

# What a sound tree looks like: the smallest one in which every contract has something to look at.
SOUND = {
    "services/sip/main.py": "from services.sip import settings\nfrom services.sip.storage import records\n",
    "services/sip/settings.py": "",
    "services/sip/fhir/read.py": "from services.sip.use_cases import read_resource\n",
    "services/sip/storage/records.py": "import motor\nimport pymongo\n",
    "services/sip/use_cases/read_resource.py": "from services.sip.domain import access\n",
    "services/sip/domain/access.py": "",
    "services/notify/main.py": "from services.notify import settings\n",
    "services/notify/settings.py": "",
    "services/notify/channels/rest_hook.py": "import httpx2\n",
    "services/notify/domain/schedule.py": "",
    "services/chassis/tokens.py": "import joserfc\n",
    "services/demo/county.py": "import pymongo\n",
}

BREACHES = {
    "sip and notify": ("services/sip/fhir/read.py", "from services.notify.domain import schedule"),
    "domain looks up": ("services/sip/domain/access.py", "from services.sip.use_cases import read_resource"),
    "a way in reaches storage": ("services/sip/fhir/read.py", "from services.sip.storage import records"),
    "a room nobody drew": ("services/sip/tools/thing.py", ""),
    "notify's domain looks up": (
        "services/notify/domain/schedule.py",
        "from services.notify import channels",
    ),
    "a rule knows the web": ("services/sip/domain/access.py", "import starlette"),
    "a rule reads the environment": ("services/notify/domain/schedule.py", "import os"),
    "a rule decodes tokens by a detour": (
        "services/sip/domain/access.py",
        "from services.chassis import tokens",
    ),
    "chassis holds care": ("services/chassis/tokens.py", "import fhir.resources"),
    "chassis knows a service": ("services/chassis/tokens.py", "from services.notify.domain import schedule"),
    "the driver outside storage": ("services/notify/channels/rest_hook.py", "import motor"),
    "the driver in the command line": ("services/cli.py", "import pymongo"),
    "settings outside main": ("services/demo/county.py", "from services.notify import settings"),
}


def grow(tree: Path, files: dict[str, str]) -> None:
    """Write the files, with an empty __init__.py in every folder."""
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        for folder in path.relative_to(tree).parents:
            if folder != Path():
                (tree / folder / "__init__.py").touch()


def verdict(tree: Path) -> subprocess.CompletedProcess[str]:
    """What lint-imports says of the tree under the contracts of this repository."""
    shutil.copy(ROOT / "pyproject.toml", tree)
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    environment = {"PYTHONPATH": str(tree)}
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    grow(tmp_path, SOUND | {"contracts/events.py": ""})
    return tmp_path


def test_a_sound_tree_keeps_every_contract(tree: Path) -> None:
    answer = verdict(tree)

    assert answer.returncode == 0, answer.stdout
    assert "0 broken" in answer.stdout


@pytest.mark.parametrize("breach", BREACHES)
def test_each_breach_is_caught(tree: Path, breach: str) -> None:
    name, line = BREACHES[breach]
    grow(tree, {name: SOUND.get(name, "") + line + "\n"})

    answer = verdict(tree)

    assert answer.returncode != 0
    assert "BROKEN" in answer.stdout, answer.stdout + answer.stderr
