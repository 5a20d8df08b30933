"""Work off whatever a claimed lane holds: deliveries, or a handshake."""

from dataclasses import dataclass

from services.notify.domain.delivery import HANDSHAKE, HEARTBEAT
from services.notify.use_cases.beat import beat
from services.notify.use_cases.deliver_lane import deliver_lane
from services.notify.use_cases.ports import Lane
from services.notify.use_cases.sending import Sending
from services.notify.use_cases.shake_hands import Greeting, shake_hands


@dataclass(frozen=True, slots=True)
class Work:
    """What the kinds of work need."""

    sending: Sending
    greeting: Greeting


async def work_lane(lane: Lane, work: Work) -> None:
    """Do the lane's kind of work."""
    if lane.id.endswith(HANDSHAKE):
        await shake_hands(lane, work.greeting)
    elif lane.id.endswith(HEARTBEAT):
        await beat(lane, work.greeting)
    else:
        await deliver_lane(lane, work.sending)
