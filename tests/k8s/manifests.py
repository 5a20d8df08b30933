"""The manifests as objects: as written in k8s/base, or rendered the way a cluster gets them."""

import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.checks.tracked import ROOT

Manifest = dict[str, Any]
K8S = ROOT / "k8s"
BASE = K8S / "base"


@cache
def kustomization(folder: Path = BASE) -> Manifest:
    """The kustomization.yaml of a folder."""
    loaded: Manifest = yaml.safe_load((folder / "kustomization.yaml").read_text())
    return loaded


def written() -> list[Manifest]:
    """Every object of k8s/base as written; what kustomize adds (labels, generated maps) is not there."""
    texts = [(BASE / name).read_text() for name in kustomization()["resources"]]
    return [manifest for text in texts for manifest in yaml.safe_load_all(text)]


def rendered(folder: str) -> list[Manifest]:
    """Every object of a folder under k8s/, as kustomize gives it; raises with its message when it fails."""
    done = subprocess.run([*_kustomize(), str(K8S / folder)], capture_output=True, text=True, check=False)
    if done.returncode or done.stderr.strip():
        message = f"kustomize says of k8s/{folder}: {done.stderr.strip()}"
        raise RuntimeError(message)
    return list(yaml.safe_load_all(done.stdout))


def of_kind(manifests: list[Manifest], kind: str) -> list[Manifest]:
    """Those of one kind."""
    return [manifest for manifest in manifests if manifest["kind"] == kind]


def name_of(manifest: Manifest) -> str:
    """The object's name."""
    return str(manifest["metadata"]["name"])


def pod_of(deployment: Manifest) -> Manifest:
    """The pod's spec within a Deployment."""
    spec: Manifest = deployment["spec"]["template"]["spec"]
    return spec


def container_of(deployment: Manifest) -> Manifest:
    """The one container of a Deployment's pod."""
    (container,) = pod_of(deployment)["containers"]
    found: Manifest = container
    return found


def _kustomize() -> list[str]:
    """Use kustomize where there is one, else kubectl's own (.ci/run sees that one of them is new enough)."""
    return ["kustomize", "build"] if shutil.which("kustomize") else ["kubectl", "kustomize"]
