"""What stands beside the Deployments: Services, budgets, the Ingress, the image, the README."""

import copy
import json
import re

import pytest

from tests.checks.tracked import ROOT
from tests.k8s.manifests import K8S, Manifest, container_of, kustomization, name_of, of_kind, pod_of, written

MANIFESTS = written()
NAME = "app.kubernetes.io/name"
PLAIN_KINDS = {"Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy", "Ingress"}


def unprotected(manifests: list[Manifest]) -> set[str]:
    """Deployments without a budget that keeps all but one pod and lets broken ones go."""
    protected = {
        budget["spec"]["selector"]["matchLabels"][NAME]
        for budget in of_kind(manifests, "PodDisruptionBudget")
        if budget["spec"].get("maxUnavailable") == 1
        and budget["spec"].get("unhealthyPodEvictionPolicy") == "AlwaysAllow"
    }
    return {name_of(each) for each in of_kind(manifests, "Deployment")} - protected


def leading_nowhere(manifests: list[Manifest]) -> set[str]:
    """Services and Deployments whose selector takes no pod, or whose port nobody listens on."""
    labels = {
        name_of(each): each["spec"]["template"]["metadata"]["labels"]
        for each in of_kind(manifests, "Deployment")
    }
    astray = {
        name_of(each)
        for each in of_kind(manifests, "Deployment")
        if not each["spec"]["selector"]["matchLabels"].items() <= labels[name_of(each)].items()
    }
    return astray | {
        name_of(each)
        for each in of_kind(manifests, "Service")
        if each["spec"]["selector"] != {NAME: name_of(each)}
        or name_of(each) not in labels
        or [port["targetPort"] for port in each["spec"]["ports"]] != ["http"]
    }


def backend_of(path: str, ingress: Manifest) -> str | None:
    """The Service that a path leads to: the longest prefix of whole elements, exact paths first."""
    fitting = [
        (rule["pathType"] == "Exact", len(rule["path"]), rule["backend"]["service"]["name"])
        for rule in ingress["spec"]["rules"][0]["http"]["paths"]
        if path == rule["path"]
        or (rule["pathType"] == "Prefix" and path.startswith(rule["path"].rstrip("/") + "/"))
    ]
    return max(fitting)[2] if fitting else None


def test_every_deployment_survives_the_emptying_of_a_node() -> None:
    assert unprotected(MANIFESTS) == set()


def test_a_deployment_without_a_budget_would_be_found() -> None:
    assert unprotected([each for each in MANIFESTS if each["kind"] != "PodDisruptionBudget"])


def test_every_selector_takes_the_pods_it_means() -> None:
    assert leading_nowhere(MANIFESTS) == set()


def test_a_service_that_leads_nowhere_would_be_found() -> None:
    spoiled = copy.deepcopy(MANIFESTS)
    of_kind(spoiled, "Service")[0]["spec"]["selector"] = {NAME: "sip-apo"}

    assert leading_nowhere(spoiled)


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/fhir/Subscription", "notify-api"),
        ("/fhir/Subscription/abc/$status", "notify-api"),
        ("/fhir/SubscriptionTopic", "sip-api"),
        ("/fhir/CarePlan/abc", "sip-api"),
        ("/fhir/metadata", "sip-api"),
        ("/api/v1/persons", "sip-api"),
        ("/api/v1/inbox", "notify-api"),
        ("/api/v1/inbox/abc/receipt", "notify-api"),
        ("/api/v1/deliveries/abc/replay", "notify-api"),
        ("/docs", "sip-api"),
        ("/metrics", None),
        ("/healthz", None),
        ("/readyz", None),
        ("/events", None),
        ("/", None),
    ],
)
def test_the_one_public_base_leads_to_both_services(path: str, service: str | None) -> None:
    (ingress,) = of_kind(MANIFESTS, "Ingress")

    assert backend_of(path, ingress) == service


def described_paths() -> list[tuple[str, str]]:
    """Every path of both OpenAPI files that is meant for others than ourselves, with its service."""
    return [
        (path, f"{service}-api")
        for service in ("sip", "notify")
        for path in json.loads((ROOT / "contracts" / "openapi" / f"{service}.json").read_text())["paths"]
        if path != "/events"  # from sip's relay, inside the cluster
    ]


@pytest.mark.parametrize(("path", "service"), described_paths())
def test_every_described_path_leads_to_the_service_that_describes_it(path: str, service: str) -> None:
    (ingress,) = of_kind(MANIFESTS, "Ingress")

    assert backend_of(path, ingress) == service


def test_the_public_host_has_a_certificate() -> None:
    (ingress,) = of_kind(MANIFESTS, "Ingress")
    hosts = {rule["host"] for rule in ingress["spec"]["rules"]}

    assert {host for entry in ingress["spec"]["tls"] for host in entry["hosts"]} == hosts


def test_all_processes_run_one_image_of_a_stated_version() -> None:
    images = {container_of(each)["image"] for each in of_kind(MANIFESTS, "Deployment")}
    (stated,) = kustomization()["images"]

    assert images == {stated["name"]} == {"samplan"}
    assert re.fullmatch(r"\d+\.\d+\.\d+", str(stated["newTag"]))


def test_nothing_beyond_plain_kubernetes_is_used_and_no_secret_is_kept_here() -> None:
    assert {each["kind"] for each in MANIFESTS} == PLAIN_KINDS


def test_the_readme_names_every_secret_and_its_key() -> None:
    told = (K8S / "README.md").read_text()
    wanted = {
        (entry["valueFrom"]["secretKeyRef"]["name"], entry["valueFrom"]["secretKeyRef"]["key"])
        for each in of_kind(MANIFESTS, "Deployment")
        for entry in container_of(each)["env"]
        if "valueFrom" in entry
    }

    assert [pair for pair in wanted if f"| `{pair[0]}` | `{pair[1]}` |" not in told] == []


def test_the_grace_period_is_the_same_for_all() -> None:
    assert {pod_of(each)["terminationGracePeriodSeconds"] for each in of_kind(MANIFESTS, "Deployment")} == {
        45
    }
