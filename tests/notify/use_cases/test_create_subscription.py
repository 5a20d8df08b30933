"""Creating subscriptions: bounded for each client."""

from typing import Any

import pytest

from services.notify.domain.endpoints import EndpointRule
from services.notify.domain.errors import TooManySubscriptions
from services.notify.domain.subscription import Owner, Subscription
from services.notify.use_cases.create_subscription import Subscribing, create_subscription
from tests.notify.asking import subscription
from tests.notify.domain.made import NOW, OWNER

pytestmark = pytest.mark.anyio


class Kept:
    """Keeps subscriptions in a list, and notes which handshakes were asked for."""

    def __init__(self) -> None:
        self.held: list[Subscription] = []
        self.greeted: list[str] = []

    async def add(self, held: Subscription) -> None:
        self.held.append(held)

    async def count(self, owner: Owner, most: int) -> int:
        return min(most, sum(1 for one in self.held if one.owner == owner))

    async def wake_handshake(self, held: Subscription) -> None:
        assert held in self.held  # stored before anybody acts on it
        self.greeted.append(held.id)


def subscribing(kept: Any) -> Subscribing:
    return Subscribing(kept, kept, [EndpointRule("ehr.example")], most_of_owner=3)


async def test_one_client_cannot_pile_up_subscriptions_without_end_and_hinders_no_other() -> None:
    kept = Kept()
    order = subscription("https://ehr.example/hook")
    for _ in range(3):
        await create_subscription(order, OWNER, subscribing(kept), NOW)

    with pytest.raises(TooManySubscriptions):
        await create_subscription(order, OWNER, subscribing(kept), NOW)

    await create_subscription(order, Owner("SE2", "ehr"), subscribing(kept), NOW)
    assert len(kept.held) == len(kept.greeted) == 4
    assert len({secret.key for one in kept.held for secret in one.secrets}) == 4
