"""The network policies leave open exactly the flows that k8s/README.md names, and not one more."""

import copy
import ipaddress
from itertools import product

import pytest

from tests.k8s.flows import Flow, denies_by_default, egress, ingress
from tests.k8s.manifests import Manifest, name_of, of_kind, written

MANIFESTS = written()
ALL = {"sip-api", "sip-relay", "sip-measures", "notify-api", "notify-worker"}
DNS = "kube-system/kube-dns"
NOWHERE = "192.0.2.0/24"  # RFC 5737: for documentation

OUT: set[Flow] = {
    *product(ALL, [DNS], ["UDP 53", "TCP 53"]),
    *product(ALL, ["mongodb"], ["TCP 27017"]),
    *product(ALL - {"sip-measures"}, [NOWHERE], ["TCP 443"]),
    ("sip-relay", "notify-api", "TCP 8001"),
    *product(["notify-api", "notify-worker"], ["sip-api"], ["TCP 8000"]),
    ("notify-worker", "0.0.0.0/0", "TCP 443"),
    ("notify-worker", "2000::/3", "TCP 443"),
}
IN: set[Flow] = {
    *product(["monitoring/prometheus"], ALL, ["TCP http"]),
    *product(["ingress-nginx/ingress-nginx"], ["sip-api", "notify-api"], ["TCP http"]),
    ("sip-relay", "notify-api", "TCP 8001"),
    *product(["notify-api", "notify-worker"], ["sip-api"], ["TCP 8000"]),
}


def test_everything_is_denied_first() -> None:
    assert denies_by_default(MANIFESTS)


def test_exactly_these_connections_may_be_opened() -> None:
    assert egress(MANIFESTS) == OUT


def test_exactly_these_connections_may_be_received() -> None:
    assert ingress(MANIFESTS) == IN


def closed_to_webhooks(manifests: list[Manifest]) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The networks that the worker's webhook rule leaves out."""
    policies = of_kind(manifests, "NetworkPolicy")
    (policy,) = [each for each in policies if name_of(each) == "notify-worker-to-webhooks"]
    blocks = [peer["ipBlock"] for peer in policy["spec"]["egress"][0]["to"]]
    return [ipaddress.ip_network(network) for block in blocks for network in block["except"]]


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "127.0.0.1", "169.254.169.254", "172.20.0.1", "192.168.1.1", "100.64.0.1", "2002:7f00:1::1"],
)
def test_a_webhook_cannot_point_inside(address: str) -> None:
    inside = ipaddress.ip_address(address)

    assert any(
        inside in network for network in closed_to_webhooks(MANIFESTS) if network.version == inside.version
    )


def test_what_ipv6_keeps_for_itself_is_outside_the_open_range() -> None:
    open_range = ipaddress.ip_network("2000::/3")

    assert all(
        ipaddress.ip_address(inside) not in open_range
        for inside in ("::1", "fc00::1", "fd12::1", "fe80::1", "ff02::1", "64:ff9b::7f00:1", "::ffff:7f00:1")
    )


def test_a_further_flow_would_be_found() -> None:
    opened = copy.deepcopy(MANIFESTS)
    for policy in of_kind(opened, "NetworkPolicy"):
        if name_of(policy) == "notify-worker-to-webhooks":
            policy["spec"]["podSelector"]["matchLabels"]["app.kubernetes.io/name"] = "sip-api"

    assert ("sip-api", "0.0.0.0/0", "TCP 443") in egress(opened) - OUT


def test_a_missing_default_would_be_found() -> None:
    assert not denies_by_default([each for each in MANIFESTS if name_of(each) != "default-deny"])
