"""What every use case behind /api/v1 is handed: who asks, the stores, and what is the same for all."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Final

from services.sip.use_cases.drafts import Policy
from services.sip.use_cases.ports import Asking, Store

REQUESTS: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://samplan.example/fhir/sid/request")


@dataclass(frozen=True, slots=True)
class Desk:
    """One request as the use cases see it."""

    asking: Asking
    store: Store
    policy: Policy

    def repeatable(self, name: str, fingerprint: str) -> "Desk":
        """Take ids from the request's own name, so that the same request again meets what it created.

        `name` is the caller's for the request (address and Idempotency-Key), `fingerprint` of its content.
        """
        asking = replace(self.asking, fingerprint=fingerprint)
        caller = self.asking.caller
        whose = f"{caller.unit}\n{caller.client_id}\n{caller.subject}\n{name}"
        policy = replace(self.policy, new_id=_ids(whose))
        return replace(self, asking=asking, policy=policy)


def _ids(name: str) -> Callable[[], str]:
    numbers = count()
    return lambda: str(uuid.uuid5(REQUESTS, f"{name}\n{next(numbers)}"))
