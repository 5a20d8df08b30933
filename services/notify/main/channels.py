"""The channels at work: every one that is found, and that the operator has set what it needs for."""

import contextlib
import ssl
from collections.abc import AsyncIterator, Mapping

from services.notify.channels.parts import AddressedModule, Parts, addressed, modules
from services.notify.main.parts import Stores, bases_of
from services.notify.settings import NotifySettings
from services.notify.use_cases.ports import Channel


@contextlib.asynccontextmanager
async def opened_channels(settings: NotifySettings, stores: Stores) -> AsyncIterator[Mapping[str, Channel]]:
    """Make the channels for the time of the block."""
    trust = ssl.create_default_context()
    if settings.ca_file:
        trust.load_verify_locations(settings.ca_file)
    found = modules(settings.channel_modules)
    made = {
        name: module.channel(_parts(settings, stores, trust, name))
        for name, module in found.items()
        if not hasattr(module, "read_address") or name in settings.channels
    }
    try:
        yield made
    finally:
        for channel in made.values():
            await channel.close()


def offered(settings: NotifySettings) -> Mapping[str, AddressedModule]:
    """Give the channels that units can have themselves told by."""
    return addressed(modules(settings.channel_modules), settings.channels)


def _parts(settings: NotifySettings, stores: Stores, trust: ssl.SSLContext, name: str) -> Parts:
    return Parts(
        rules=tuple(one.rule() for one in settings.allowed_endpoints),
        bases=bases_of(settings),
        seconds=settings.attempt_seconds,
        trust=trust,
        inbox=stores.inbox,
        ways=stores.ways,
        options=settings.channels.get(name, {}),
    )
