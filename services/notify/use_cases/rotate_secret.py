"""Give a subscription a new signing secret; the old one signs beside it for a while, so that nothing is refused."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from services.notify.domain.errors import SubscriptionChangedMeanwhile
from services.notify.domain.subscription import Owner, Subscription
from services.notify.domain.webhook_signature import Secret, new_secret, still_signing
from services.notify.use_cases.ports import Subscriptions

MOST_SECRETS: Final = 3


async def rotate_secret(
    subscription_id: str, overlap: timedelta, owner: Owner, subscriptions: Subscriptions, now: datetime
) -> Subscription:
    """Put a new secret first; the others end after the overlap, or when they would have ended anyway."""
    before = await subscriptions.of_owner(subscription_id, owner)
    ends = now + overlap
    old = (Secret(one.key, min(one.until or ends, ends)) for one in still_signing(before.secrets, now))
    secrets = (new_secret(), *old)[:MOST_SECRETS]
    held = replace(before, version=before.version + 1, updated=now, secrets=secrets)
    if not await subscriptions.replace(held, version=before.version):
        raise SubscriptionChangedMeanwhile(
            f"Subscription/{subscription_id} has changed meanwhile: ask again."
        )
    return held
