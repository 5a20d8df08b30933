"""What a pod of ours must look like; each policy gives the faults of one Deployment as sentences."""

from collections.abc import Callable

from services.chassis.server import GRACEFUL_SECONDS
from tests.k8s.manifests import Manifest, container_of, pod_of

Policy = Callable[[Manifest], list[str]]

PROCESSES = {"sip api", "sip relay", "sip measures", "notify api", "notify worker"}
# What is left after the requests under way, to give back leases and close connections.
CLOSING_SECONDS = 5


def unmet(expectations: dict[str, bool]) -> list[str]:
    """The expectations that do not hold."""
    return [text for text, holds in expectations.items() if not holds]


def runs_one_process(deployment: Manifest) -> list[str]:
    args = " ".join(container_of(deployment).get("args", []))
    return unmet(
        {
            f"'{args}' is one of the five processes": args in PROCESSES,
            "the image's own entry point is used": "command" not in container_of(deployment),
            "the Deployment is named after its process": deployment["metadata"]["name"]
            == args.replace(" ", "-"),
        }
    )


def runs_as_nobody(deployment: Manifest) -> list[str]:
    security = pod_of(deployment).get("securityContext", {})
    return unmet(
        {
            "runAsNonRoot": security.get("runAsNonRoot") is True,
            "a numeric user above the node's own": security.get("runAsUser", 0) >= 10000,
            "a numeric group above the node's own": security.get("runAsGroup", 0) >= 10000,
            "the default seccomp profile": security.get("seccompProfile") == {"type": "RuntimeDefault"},
        }
    )


def can_change_nothing(deployment: Manifest) -> list[str]:
    security = container_of(deployment).get("securityContext", {})
    return unmet(
        {
            "no privilege escalation": security.get("allowPrivilegeEscalation") is False,
            "not privileged": not security.get("privileged"),
            "a read-only root file system": security.get("readOnlyRootFilesystem") is True,
            "every capability dropped": security.get("capabilities") == {"drop": ["ALL"]},
        }
    )


def keeps_to_itself(deployment: Manifest) -> list[str]:
    pod = pod_of(deployment)
    return unmet(
        {
            "no token of the cluster": pod.get("automountServiceAccountToken") is False,
            "nothing of the host": not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys(),
            "emptyDir volumes alone": all("emptyDir" in volume for volume in pod.get("volumes", [])),
            "no service links in the environment": pod.get("enableServiceLinks") is False,
        }
    )


def may_write_to_tmp_alone(deployment: Manifest) -> list[str]:
    volumes = {volume["name"]: volume.get("emptyDir", {}) for volume in pod_of(deployment).get("volumes", [])}
    mounts = {mount["mountPath"]: mount["name"] for mount in container_of(deployment).get("volumeMounts", [])}
    return unmet(
        {
            "/tmp is mounted, and nothing else": mounts.keys() == {"/tmp"},  # noqa: S108
            "with a limit on its size": all("sizeLimit" in volumes.get(name, {}) for name in mounts.values()),
        }
    )


def is_probed(deployment: Manifest) -> list[str]:
    container = container_of(deployment)

    def path(probe: str) -> object:
        return container.get(probe, {}).get("httpGet", {}).get("path")

    return unmet(
        {
            "starting is watched on /healthz": path("startupProbe") == "/healthz",
            "living is the process alone, /healthz": path("livenessProbe") == "/healthz",
            "being ready is /readyz": path("readinessProbe") == "/readyz",
            "probes go to the named port": all(
                container.get(probe, {}).get("httpGet", {}).get("port") == "http"
                for probe in ("startupProbe", "livenessProbe", "readinessProbe")
            ),
        }
    )


def asks_for_what_it_needs(deployment: Manifest) -> list[str]:
    resources = container_of(deployment).get("resources", {})
    return unmet(
        {
            "requests cpu and memory": resources.get("requests", {}).keys() == {"cpu", "memory"},
            "limits memory, and not cpu": resources.get("limits", {}).keys() == {"memory"},
        }
    )


def stops_gracefully(deployment: Manifest) -> list[str]:
    sleep = (
        container_of(deployment).get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    )
    grace = pod_of(deployment).get("terminationGracePeriodSeconds", 30)
    serves_others = container_of(deployment).get("args", [])[-1:] == ["api"]
    return unmet(
        {
            f"{grace} s are enough to stop in": grace >= sleep + GRACEFUL_SECONDS + CLOSING_SECONDS,
            "a way in waits until it is out of its Service": sleep >= 5 or not serves_others,
        }
    )


def is_spread(deployment: Manifest) -> list[str]:
    spread = pod_of(deployment).get("topologySpreadConstraints", [])
    keys = {constraint["topologyKey"] for constraint in spread}
    label = {"app.kubernetes.io/name": deployment["metadata"]["name"]}
    return unmet(
        {
            "over zones and nodes": keys == {"topology.kubernetes.io/zone", "kubernetes.io/hostname"},
            "counting its own pods": all(c["labelSelector"]["matchLabels"] == label for c in spread),
        }
    )


def is_scraped_where_it_listens(deployment: Manifest) -> list[str]:
    notes = deployment["spec"]["template"]["metadata"].get("annotations", {})
    container = container_of(deployment)
    (port,) = container.get("ports", [{}])
    number = str(port.get("containerPort"))
    told = {entry["value"] for entry in container.get("env", []) if entry["name"].endswith("_PORT")}
    return unmet(
        {
            "Prometheus is asked in": notes.get("prometheus.io/scrape") == "true",
            "on the port that is listened on": notes.get("prometheus.io/port") == number and told == {number},
            "the port is called http": port.get("name") == "http",
        }
    )


def takes_secrets_from_secrets(deployment: Manifest) -> list[str]:
    container = container_of(deployment)
    literal = {entry["name"] for entry in container.get("env", []) if "value" in entry}
    secret = {
        entry["name"]: entry["valueFrom"]["secretKeyRef"]["name"]
        for entry in container.get("env", [])
        if "secretKeyRef" in entry.get("valueFrom", {})
    }
    service = deployment["metadata"]["name"].partition("-")[0]
    return unmet(
        {
            "no secret is written out": not any(name.endswith(("_URL", "_SECRET")) for name in literal),
            "the database's address is a secret": f"SAMPLAN_{service.upper()}_MONGO_URL" in secret,
            "each service has its own secrets": set(secret.values()) == {f"{service}-secrets"},
            "each service has its own settings": container.get("envFrom")
            == [{"configMapRef": {"name": f"{service}-settings"}}],
        }
    )


POLICIES: list[Policy] = [
    runs_one_process,
    runs_as_nobody,
    can_change_nothing,
    keeps_to_itself,
    may_write_to_tmp_alone,
    is_probed,
    asks_for_what_it_needs,
    stops_gracefully,
    is_spread,
    is_scraped_where_it_listens,
    takes_secrets_from_secrets,
]
