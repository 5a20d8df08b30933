"""Delete a subscription: what waits for it is not sent any more."""

from services.notify.domain.errors import SubscriptionChangedMeanwhile
from services.notify.domain.subscription import Owner
from services.notify.use_cases.ports import Subscriptions


async def delete_subscription(
    subscription_id: str, version: int | None, owner: Owner, subscriptions: Subscriptions
) -> None:
    """Delete it, if its version is the one named (when one is)."""
    held = await subscriptions.of_owner(subscription_id, owner)
    if (version is not None and version != held.version) or not await subscriptions.delete(held):
        raise SubscriptionChangedMeanwhile(
            f"Subscription/{subscription_id} has changed meanwhile: read it again."
        )
