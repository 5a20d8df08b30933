"""Whether a write would be taken: all that a write asks is asked, inside a transaction that is given up."""

from collections.abc import Sequence
from dataclasses import replace

from services.chassis.outcome import Told
from services.sip.domain.errors import SipError, StoreBusy
from services.sip.use_cases.drafts import Draft, Policy, WouldBeStored
from services.sip.use_cases.ports import Asking, Store
from services.sip.use_cases.write_resources import write_resources


async def try_write(draft: Draft, asking: Asking, store: Store, policy: Policy) -> Sequence[Told]:
    """Tell what would keep it from being stored; nothing where it would be, or where it is there already."""
    try:
        await write_resources([replace(draft, only_tried=True)], asking, store, policy)
    except WouldBeStored:
        return []
    except StoreBusy:
        raise
    except SipError as refused:
        return refused.told
    return [Told("duplicate", f"This {draft.type} is there already.", draft.type, "information")]
