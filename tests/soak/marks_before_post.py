"""A worker that is wrong on purpose: it marks a delivery as made before it makes it. The ledger must find that out."""

from services.notify.domain.delivery import Letter, Outcome, Result, State
from services.notify.domain.subscription import Subscription
from services.notify.main.worker import run_worker
from services.notify.use_cases import deliver_lane
from services.notify.use_cases.ports import Channel
from services.notify.use_cases.sending import Pause, Sending, end_all


async def attempted(
    letters: list[Letter], held: Subscription | None, channel: Channel, sending: Sending
) -> Pause | None:
    """Number, mark, and only then send."""
    if held:
        letters = await deliver_lane._numbered(letters, held, sending)
    rows = [letter.delivery for letter in letters]
    await end_all(rows, State.DELIVERED, sending, Outcome(Result.OK))
    await channel.send(letters, held, sending.clock())
    return None


if __name__ == "__main__":
    deliver_lane._attempted = attempted
    run_worker()
