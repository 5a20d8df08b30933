"""Which connections the NetworkPolicies leave open: (from, to, port), outsiders named by a word."""

from collections.abc import Iterator

from tests.k8s.manifests import Manifest, name_of, of_kind

Flow = tuple[str, str, str]
NAME = "app.kubernetes.io/name"
PART_OF = "app.kubernetes.io/part-of"


def egress(manifests: list[Manifest]) -> set[Flow]:
    """What each of our pods may open."""
    return {
        (pod, peer, port)
        for policy in of_kind(manifests, "NetworkPolicy")
        for pod in _pods(policy["spec"]["podSelector"], manifests)
        for rule in policy["spec"].get("egress", [])
        for peer in _peers(rule["to"], manifests)
        for port in _ports(rule)
    }


def ingress(manifests: list[Manifest]) -> set[Flow]:
    """What each of our pods may be asked."""
    return {
        (peer, pod, port)
        for policy in of_kind(manifests, "NetworkPolicy")
        for pod in _pods(policy["spec"]["podSelector"], manifests)
        for rule in policy["spec"].get("ingress", [])
        for peer in _peers(rule["from"], manifests)
        for port in _ports(rule)
    }


def denies_by_default(manifests: list[Manifest]) -> bool:
    """Whether one policy takes every pod in, in both directions, and allows nothing."""
    wanted = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    return any(policy["spec"] == wanted for policy in of_kind(manifests, "NetworkPolicy"))


def _pods(selector: Manifest, manifests: list[Manifest]) -> set[str]:
    """Names of our pods that the selector takes; those it names without their being ours, too."""
    ours = {name_of(deployment) for deployment in of_kind(manifests, "Deployment")}
    labels = selector.get("matchLabels", {})
    for expression in selector.get("matchExpressions", []):
        assert (expression["key"], expression["operator"]) == (NAME, "In"), "teach this function the selector"
        return set(expression["values"])
    if labels == {PART_OF: "samplan"}:
        return ours
    if not selector:
        return ours
    assert labels.keys() == {NAME}, "teach this function the selector"
    return {labels[NAME]}


def _peers(peers: list[Manifest], manifests: list[Manifest]) -> Iterator[str]:
    """The pods, or a word for what is outside: namespace/label, or the network."""
    for peer in peers:
        if "ipBlock" in peer:
            yield peer["ipBlock"]["cidr"]
        elif "namespaceSelector" in peer:
            namespace = peer["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
            yield f"{namespace}/{'+'.join(peer['podSelector']['matchLabels'].values())}"
        else:
            yield from _pods(peer["podSelector"], manifests)


def _ports(rule: Manifest) -> Iterator[str]:
    for port in rule["ports"]:
        yield f"{port['protocol']} {port['port']}"
