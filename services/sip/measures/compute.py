"""Compute every figure anew from one snapshot of the record store, person by person, in flat memory."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

import orjson

from services.sip.measures.contributions import contribution
from services.sip.measures.person_rows import TYPES, read_person
from services.sip.measures.tally import Tally
from services.sip.use_cases.measure_ports import FiguresSource

WATCHED: Final = (*TYPES, "PractitionerRole")
"""A change to one of these types can change a figure."""


Heartbeat = Callable[[], Awaitable[None]]


async def compute_figures(source: FiguresSource, now: datetime, heartbeat: Heartbeat) -> Tally:
    """Add everybody up; the heartbeat after each batch lets scrapes through, and may raise to stop it all."""
    tally = Tally()
    async with source.snapshot() as snapshot:
        roles = await snapshot.roles()
        async for people in snapshot.people(TYPES):
            for _person, bodies in people:
                resources = (orjson.loads(body) for body in bodies)
                tally.add(contribution(read_person(resources, roles), now))
            await heartbeat()
    return tally
