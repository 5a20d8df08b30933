"""Every Deployment keeps every policy, and every policy notices when it is broken."""

import copy
from collections.abc import Callable
from typing import Any

import pytest

from tests.k8s import pod_policies as policies
from tests.k8s.manifests import Manifest, container_of, name_of, of_kind, pod_of, written

DEPLOYMENTS = {name_of(manifest): manifest for manifest in of_kind(written(), "Deployment")}
Spoil = Callable[[Manifest], Any]


def test_there_is_one_deployment_for_each_process() -> None:
    assert {" ".join(container_of(each)["args"]) for each in DEPLOYMENTS.values()} == policies.PROCESSES


@pytest.mark.parametrize("name", DEPLOYMENTS)
@pytest.mark.parametrize("policy", policies.POLICIES)
def test_the_pod_keeps_the_policy(policy: policies.Policy, name: str) -> None:
    assert policy(DEPLOYMENTS[name]) == []


def without(*path: str) -> Spoil:
    """Take one element of the pod's spec, or of the container's, away."""

    def spoil(deployment: Manifest) -> None:
        place = pod_of(deployment)
        if path[0] == "container":
            place = container_of(deployment)
        for step in path[1:-1]:
            place = place[step]
        del place[path[-1]]

    return spoil


def with_value(value: object, *path: str) -> Spoil:
    """Set one element of the pod's spec, or of the container's."""

    def spoil(deployment: Manifest) -> None:
        place = container_of(deployment) if path[0] == "container" else pod_of(deployment)
        for step in path[1:-1]:
            place = place[step]
        place[path[-1]] = value

    return spoil


def probing_the_database(deployment: Manifest) -> None:
    container_of(deployment)["livenessProbe"]["httpGet"]["path"] = "/readyz"


def scraped_elsewhere(deployment: Manifest) -> None:
    deployment["spec"]["template"]["metadata"]["annotations"]["prometheus.io/port"] = "9090"


def password_written_out(deployment: Manifest) -> None:
    container_of(deployment)["env"].append({"name": "SAMPLAN_SIP_MONGO_URL", "value": "mongodb://a:b@c"})


SPOILED: list[tuple[policies.Policy, Spoil]] = [
    (policies.runs_one_process, with_value(["sip", "everything"], "container", "args")),
    (policies.runs_one_process, with_value(["sh", "-c", "samplan"], "container", "command")),
    (policies.runs_as_nobody, without("pod", "securityContext", "runAsNonRoot")),
    (policies.runs_as_nobody, with_value(0, "pod", "securityContext", "runAsUser")),
    (policies.runs_as_nobody, without("pod", "securityContext", "seccompProfile")),
    (policies.can_change_nothing, with_value(True, "container", "securityContext", "privileged")),
    (policies.can_change_nothing, without("container", "securityContext", "readOnlyRootFilesystem")),
    (policies.can_change_nothing, without("container", "securityContext", "allowPrivilegeEscalation")),
    (policies.can_change_nothing, without("container", "securityContext", "capabilities")),
    (policies.keeps_to_itself, without("pod", "automountServiceAccountToken")),
    (policies.keeps_to_itself, with_value(True, "pod", "hostNetwork")),
    (policies.keeps_to_itself, with_value([{"name": "x", "hostPath": {"path": "/"}}], "pod", "volumes")),
    (policies.may_write_to_tmp_alone, without("container", "volumeMounts")),
    (policies.may_write_to_tmp_alone, with_value([{"name": "tmp", "emptyDir": {}}], "pod", "volumes")),
    (policies.is_probed, without("container", "startupProbe")),
    (policies.is_probed, without("container", "readinessProbe")),
    (policies.is_probed, probing_the_database),
    (policies.asks_for_what_it_needs, without("container", "resources", "requests")),
    (policies.asks_for_what_it_needs, with_value({"cpu": "1"}, "container", "resources", "limits")),
    (policies.stops_gracefully, without("container", "lifecycle")),
    (policies.stops_gracefully, with_value(20, "pod", "terminationGracePeriodSeconds")),
    (policies.is_spread, without("pod", "topologySpreadConstraints")),
    (policies.is_scraped_where_it_listens, scraped_elsewhere),
    (policies.takes_secrets_from_secrets, without("container", "env")),
    (policies.takes_secrets_from_secrets, password_written_out),
]


@pytest.mark.parametrize(("policy", "spoil"), SPOILED)
def test_a_broken_pod_would_be_found(policy: policies.Policy, spoil: Spoil) -> None:
    deployment = copy.deepcopy(DEPLOYMENTS["sip-api"])
    spoil(deployment)

    assert policy(deployment)


def test_every_policy_has_been_seen_to_bite() -> None:
    assert {policy for policy, _ in SPOILED} == set(policies.POLICIES)
