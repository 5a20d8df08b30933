"""What a cluster gets, rendered by kustomize: valid against the API schemas, and under the same policies."""

import copy
import re
import warnings

import kubernetes_validate
import pytest

from tests.k8s.flows import denies_by_default, egress, ingress
from tests.k8s.manifests import Manifest, container_of, name_of, of_kind, pod_of, rendered
from tests.k8s.pod_policies import POLICIES
from tests.k8s.test_network import IN, OUT

pytestmark = pytest.mark.system

FOLDERS = ["base", "overlays/dev"]
VERSIONS = [
    "1.30",
    "1.37",
]  # the oldest that knows preStop sleep without a feature gate, and the newest at hand


def schema_faults(manifest: Manifest, version: str) -> str | None:
    """What the API of that version would refuse, unknown fields and kinds too."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            kubernetes_validate.validate(manifest, version, strict=True)
        except (
            kubernetes_validate.ValidationError,
            kubernetes_validate.SchemaNotFoundError,
            Warning,
        ) as fault:
            return f"{manifest['kind']}/{name_of(manifest)}: {fault}"
    return None


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid_strictly(folder: str, version: str) -> None:
    assert [fault for each in rendered(folder) if (fault := schema_faults(each, version))] == []


def test_a_misspelt_field_would_be_found() -> None:
    deployment = copy.deepcopy(of_kind(rendered("base"), "Deployment")[0])
    pod_of(deployment)["automountServiceAcountToken"] = False

    assert schema_faults(deployment, VERSIONS[-1])


def test_an_unknown_kind_would_be_found() -> None:
    unknown = {"apiVersion": "example.org/v1", "kind": "Wish", "metadata": {"name": "x"}}

    assert schema_faults(unknown, VERSIONS[-1])


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_pod_still_keeps_every_policy(folder: str) -> None:
    # The generated names carry a hash; the policies know the names as they are written.
    faults = [
        f"{name_of(each)}: {fault}"
        for each in of_kind(_without_hashes(rendered(folder)), "Deployment")
        for policy in POLICIES
        for fault in policy(each)
    ]

    assert not faults


def test_the_base_leaves_open_what_was_written() -> None:
    manifests = rendered("base")

    assert denies_by_default(manifests)
    assert (egress(manifests), ingress(manifests)) == (OUT, IN)


def test_the_dev_overlay_replaces_every_placeholder() -> None:
    manifests = rendered("overlays/dev")
    text = repr(manifests)

    assert not re.search(r"192\.0\.2\.|\.example\b", text)
    assert {each["metadata"].get("namespace") for each in manifests if each["kind"] != "Namespace"} == {
        "samplan-dev"
    }


def test_the_dev_overlay_changes_nothing_but_the_issuer_in_what_may_be_opened() -> None:
    manifests = rendered("overlays/dev")
    issuer = {(pod, "issuer", "TCP 8002") for pod, to, _ in OUT if to == "192.0.2.0/24"}

    assert denies_by_default(manifests)
    assert egress(manifests) == {flow for flow in OUT if flow[1] != "192.0.2.0/24"} | issuer


def test_a_changed_setting_starts_new_pods() -> None:
    manifests = rendered("base")
    maps = {name_of(each) for each in of_kind(manifests, "ConfigMap")}
    used = {
        container_of(each)["envFrom"][0]["configMapRef"]["name"] for each in of_kind(manifests, "Deployment")
    }

    assert used == maps
    assert all(re.fullmatch(r"(sip|notify)-settings-[a-z0-9]{10}", name) for name in maps)


def test_every_object_says_what_it_is_part_of() -> None:
    manifests = rendered("base")
    pods = [each["spec"]["template"] for each in of_kind(manifests, "Deployment")]

    assert all(
        each["metadata"].get("labels", {}).get("app.kubernetes.io/part-of") == "samplan"
        for each in [*manifests, *pods]
    )


def _without_hashes(manifests: list[Manifest]) -> list[Manifest]:
    for each in of_kind(manifests, "Deployment"):
        reference = container_of(each)["envFrom"][0]["configMapRef"]
        reference["name"] = re.sub(r"-[a-z0-9]{10}$", "", reference["name"])
    return manifests
