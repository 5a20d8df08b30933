"""A real Prometheus scrapes the measures process, loads the rules, answers the dashboards; an alert fires and stops."""

import json
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from tests.contracts.test_prometheus import RULES, expressions
from tests.loopback import free_port
from tests.sip.measures.county import county, versions
from tests.sip.measures.test_process import Store, running, store

__all__ = ["store"]  # a fixture
pytestmark = pytest.mark.system
JOB = "samplan-sip-measures"


@contextmanager
def prometheus(folder: Path, target: str) -> Iterator[str]:
    """Run Debian's Prometheus on our rules, which here wait a second where they else wait minutes."""
    rules = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    for group in rules["groups"]:
        group["interval"] = "500ms"
        for rule in group["rules"]:
            if "for" in rule:
                rule["for"] = "1s"
    (folder / "rules.yaml").write_text(yaml.safe_dump(rules))
    config = {
        "global": {"scrape_interval": "500ms", "scrape_timeout": "400ms", "evaluation_interval": "500ms"},
        "rule_files": ["rules.yaml"],
        "scrape_configs": [{"job_name": JOB, "static_configs": [{"targets": [target]}]}],
    }
    (folder / "prometheus.yaml").write_text(yaml.safe_dump(config))
    port = free_port()
    process = subprocess.Popen(
        [
            "prometheus",
            f"--config.file={folder / 'prometheus.yaml'}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def asked(url: str, path: str, **given: str) -> Any:
    """Ask until Prometheus is up."""
    for _ in range(100):
        try:
            answer = httpx2.get(f"{url}/api/v1/{path}", params=given)
        except httpx2.TransportError:
            time.sleep(0.1)
            continue
        if answer.status_code != 503:
            return answer.json()
        time.sleep(0.1)
    raise AssertionError("Prometheus does not answer")


def until(url: str, query: str, *, found: bool) -> list[Any]:
    """Ask until the query finds something, or nothing any more."""
    result: list[Any] = []
    for _ in range(150):
        result = asked(url, "query", query=query)["data"]["result"]
        if bool(result) is found:
            return result
        time.sleep(0.2)
    raise AssertionError(f"{query}: {result}")


def test_prometheus_scrapes_loads_answers_and_an_alert_fires_and_stops(
    mongo_url: str, store: Store, tmp_path: Path
) -> None:
    store.records.insert_many(versions(county(1, people=250)))
    port = free_port()
    with prometheus(tmp_path, f"127.0.0.1:{port}") as url:
        firing = f'ALERTS{{alertname="SamplanProcessDown",alertstate="firing",job="{JOB}"}}'
        until(url, firing, found=True)
        with running(mongo_url, store, port=port):
            until(url, f'up{{job="{JOB}"}} == 1', found=True)
            until(url, firing, found=False)
            [sample, *_] = until(url, "samplan:coc_index:mean", found=True)
            assert 0 <= float(sample["value"][1]) <= 1
            for where, query in expressions():
                assert asked(url, "query", query=query)["status"] == "success", where
            loaded = asked(url, "rules")["data"]["groups"]
            assert {rule["health"] for group in loaded for rule in group["rules"]} == {"ok"}
            assert json.dumps(loaded).count("runbook_url") >= 10
        until(url, firing, found=True)
