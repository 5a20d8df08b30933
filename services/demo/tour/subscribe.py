"""Both sides ask to be told: topic subscriptions by FHIR, each greeted by a signed handshake."""

from typing import Any, Final
from urllib.parse import urlencode

from services.demo.tour.case import Case, Side, entries
from services.demo.tour.exchange import Sent
from services.demo.tour.page import require
from services.demo.tour.party import Party

TOPIC: Final = "https://samplan.example/fhir/SubscriptionTopic/plan-changed"
BACKPORT: Final = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/"
SECRET: Final = "https://samplan.example/fhir/StructureDefinition/webhook-secret"  # noqa: S105 - a URL
HANDSHAKE_WITHIN: Final = 45.0  # seconds; one attempt may meet a process that is being started


def subscribe_both_sides(case: Case) -> None:
    """The region's and the municipality's systems subscribe to changes of plans."""
    for name, who in (("region", "Region Furuland's EHR"), ("municipality", "Björkvalla's system")):
        case.page.step(f"{who} asks to be told when a plan changes", "FHIR, topic subscription")
        side = _subscribed(case, case.parties[f"{name}-system"])
        case.sides[name] = side
        greeted = case.receiver.wait(lambda hook=side.hook: hook.handshakes > 0, seconds=HANDSHAKE_WITHIN)  # type: ignore[misc]
        require(
            greeted, f"no handshake with a signature that holds came; refused: {side.hook.faults or 'none'}"
        )
        case.page.proof(f"{side.subscription} is greeted; the handshake's standard-webhooks signature holds")


def _subscribed(case: Case, system: Party) -> Side:
    hook = case.receiver.open_hook()
    url = case.receiver.url(hook)

    def take_back() -> None:
        """End a subscription whose answer was lost: its secret is told once, so it can never be checked."""
        for lost in entries(system.quietly("GET", f"/Subscription?{urlencode({'url': url})}").json):
            system.quietly("DELETE", f"/Subscription/{lost['id']}")

    shown = {"resourceType": "Subscription", "criteria": TOPIC, "endpoint": url, "payload": "id-only"}
    answer = system.send(Sent("POST", "/Subscription", _subscription(url), shown=shown), take_back)
    told = system.expect(answer, 201).json
    hook.secret = next(one["valueString"] for one in told["channel"]["extension"] if one["url"] == SECRET)
    return Side(system, hook, f"Subscription/{told['id']}")


def unsubscribe_both_sides(case: Case) -> None:
    """End what the tour has subscribed to, so that nobody is told at addresses that are gone."""
    for side in case.sides.values():
        side.system.quietly("DELETE", f"/{side.subscription}")


def _subscription(endpoint: str) -> dict[str, Any]:
    return {
        "resourceType": "Subscription",
        "meta": {"profile": [f"{BACKPORT}backport-subscription"]},
        "status": "requested",
        "reason": "The guided tour: to be told of what happens to our persons' plans",
        "criteria": TOPIC,
        "channel": {
            "type": "rest-hook",
            "endpoint": endpoint,
            "payload": "application/fhir+json",
            "_payload": {
                "extension": [{"url": f"{BACKPORT}backport-payload-content", "valueCode": "id-only"}]
            },
        },
    }
