"""Events, orders and subscriptions made for the tests of the rules."""

from datetime import UTC, datetime
from typing import Any

from services.notify.domain.filters import Filter
from services.notify.domain.record_event import RecordEvent
from services.notify.domain.subscription import Content, Order, Owner, Status, Subscription
from services.notify.domain.topics import PLAN_CHANGED
from services.notify.domain.webhook_signature import Secret
from tests.notify.asking import subscription

NOW = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
OWNER = Owner("SE1", "ehr")


def record_event(**changed: Any) -> RecordEvent:
    """Make an event about a plan of p1, known to SE1."""
    given: dict[str, Any] = {
        "source": "https://samplan.test/fhir",
        "id": "CarePlan/c1/1#plan.activated",
        "type": "plan.activated",
        "time": NOW,
        "focus": "CarePlan/c1",
        "version": 1,
        "person": "Patient/p1",
        "seq": 1,
        "parties": ("SE1",),
        **changed,
    }
    return RecordEvent(**given)


def held(**changed: Any) -> Subscription:
    """Make an active subscription of SE1 to everything about plans; names of an order's members change that."""
    names = set(Order.__dataclass_fields__) - {"status"}
    order: dict[str, Any] = {
        "topic": PLAN_CHANGED.url,
        "filter": Filter(),
        "endpoint": "https://ehr.example/hook",
        "headers": (),
        "content": Content.ID_ONLY,
        "timeout": None,
        "heartbeat": None,
        "most_at_once": 1,
        "end": None,
        "status": Status.REQUESTED,
        "resource": subscription("https://ehr.example/hook"),
        **{name: value for name, value in changed.items() if name in names},
    }
    given: dict[str, Any] = {
        "id": "s1",
        "version": 1,
        "updated": NOW,
        "owner": OWNER,
        "status": Status.ACTIVE,
        "live": True,
        "secrets": (Secret(b"k" * 32),),
        **{name: value for name, value in changed.items() if name not in names},
    }
    return Subscription(order=Order(**order), **given)
