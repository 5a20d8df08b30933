"""Rules, dashboards and runbook: they name what is exported, parse, and lead to what to do."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client import CollectorRegistry

from services.sip.measures.board import Board
from services.sip.measures.metrics import METRICS

ROOT = Path(__file__).parents[2]
RULES = ROOT / "contracts" / "prometheus" / "samplan.rules.yaml"
TESTS = RULES.with_name("samplan.rules.test.yaml")
BOARDS = sorted((ROOT / "contracts" / "grafana").glob("*.json"))
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
GROUPS: list[dict[str, Any]] = yaml.safe_load(RULES.read_text(encoding="utf-8"))["groups"]
LISTED = [rule for group in GROUPS for rule in group["rules"]]
ALERTS = [rule for rule in LISTED if "alert" in rule]
NAMED = re.compile(r"\b(?:sip|notify)_[a-z0-9_]+")
DECLARED = re.compile(r'\b(?:Counter|Gauge|Histogram|GaugeMetricFamily)\(\s*f?"([^"]+)"')
ENDINGS = ("_total", "_bucket", "_count", "_sum")


def exported() -> set[str]:
    """Every metric that the code declares: what the board shows, and what each process counts."""
    Board(CollectorRegistry(auto_describe=True))
    found = {metric.name for metric in METRICS}
    for module in (ROOT / "services").rglob("*.py"):
        for name in DECLARED.findall(module.read_text(encoding="utf-8")):
            found |= {name.replace("{prefix}", prefix) for prefix in ("sip", "notify")}
    return found


def expressions() -> Iterator[tuple[str, str]]:
    """Every query of the rules and the dashboards, with where it stands."""
    for rule in LISTED:
        yield rule.get("alert") or rule["record"], rule["expr"]
    for path in BOARDS:
        for panel in json.loads(path.read_text(encoding="utf-8"))["panels"]:
            for target in panel["targets"]:
                yield f"{path.name}: {panel['title']}", target["expr"]


def test_every_query_names_metrics_that_are_exported() -> None:
    known, recorded = exported(), {rule["record"] for rule in LISTED if "record" in rule}
    for where, query in expressions():
        bare = re.sub(r"samplan:[a-z0-9_:]+", lambda found: "" if found[0] in recorded else found[0], query)
        assert "samplan:" not in bare, where
        for name in NAMED.findall(bare):
            stem = next((name.removesuffix(end) for end in ENDINGS if name.endswith(end)), name)
            assert {name, stem} & known, (where, name)


def test_there_is_a_dashboard_for_each_reader_and_it_changes_nothing() -> None:
    assert [path.stem for path in BOARDS] == ["coordinator", "county", "operations"]
    for path in BOARDS:
        board = json.loads(path.read_text(encoding="utf-8"))
        assert board["uid"] == f"samplan-{path.stem}"
        assert board["editable"] is False
        ids = [panel["id"] for panel in board["panels"]]
        assert len(set(ids)) == len(ids) > 3


def test_every_alert_says_how_grave_it_is_and_leads_to_its_paragraph() -> None:
    headings = {line[3:].strip().lower() for line in RUNBOOK.splitlines() if line.startswith("## ")}
    anchors = {rule["annotations"]["runbook_url"].partition("#")[2] for rule in ALERTS}

    assert anchors == headings == {rule["alert"].lower() for rule in ALERTS}
    assert {rule["labels"]["severity"] for rule in ALERTS} == {"page", "ticket"}


def test_every_alert_has_a_unit_test() -> None:
    tested = {
        one["alertname"]
        for test in yaml.safe_load(TESTS.read_text(encoding="utf-8"))["tests"]
        for one in test.get("alert_rule_test", ())
    }

    assert tested == {rule["alert"] for rule in ALERTS}


@pytest.mark.system
def test_promtool_accepts_the_rules_and_their_tests_pass() -> None:
    for command in (["check", "rules", RULES.name], ["test", "rules", TESTS.name]):
        done = subprocess.run(
            ["promtool", *command], cwd=RULES.parent, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.system
def test_every_query_of_the_dashboards_parses(tmp_path: Path) -> None:
    rules = [{"record": f"query:{number}", "expr": query} for number, (_, query) in enumerate(expressions())]
    file = tmp_path / "queries.yaml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "queries", "rules": rules}]}))

    done = subprocess.run(
        ["promtool", "check", "rules", str(file)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
