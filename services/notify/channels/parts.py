"""What channels are made of; and how the modules that make them are found."""

import importlib
import pkgutil
import ssl
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, cast

from services.notify.channels import kinds
from services.notify.domain.endpoints import EndpointRule
from services.notify.domain.notification import Bases
from services.notify.domain.ways import Ways
from services.notify.use_cases.ports import Channel, Inbox

Options = Mapping[str, Any]


class WaysOfUnit(Protocol):
    """What units have set."""

    async def of_unit(self, unit: str) -> Ways:
        """Give what one unit has set, be it nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a channel may use: our addresses, limits, stores, and the operator's options for it."""

    rules: tuple[EndpointRule, ...]
    bases: Bases
    seconds: float
    trust: ssl.SSLContext
    inbox: Inbox
    ways: WaysOfUnit
    options: Options


class ChannelModule(Protocol):
    """A file that makes a channel."""

    NAME: str

    def channel(self, parts: Parts) -> Channel:
        """Make the channel."""


class AddressedModule(ChannelModule, Protocol):
    """A file that makes a channel to addresses that units set."""

    def read_address(self, text: str, options: Options) -> str:
        """Give the address in its own form, or raise ValueError with what is wrong."""


PLACE: Final = kinds.__name__


def modules(more: Iterable[str] = ()) -> dict[str, ChannelModule]:
    """Find every channel by name: those in channels/kinds/, and those in modules the operator names."""
    names = [f"{PLACE}.{one.name}" for one in pkgutil.iter_modules(kinds.__path__)]
    found = [cast("ChannelModule", importlib.import_module(name)) for name in [*names, *more]]
    return {one.NAME: one for one in found}


def addressed(
    found: Mapping[str, ChannelModule], options: Mapping[str, Options]
) -> dict[str, AddressedModule]:
    """Give those to addresses that units set, and that the operator offers."""
    return {
        name: cast("AddressedModule", one)
        for name, one in found.items()
        if hasattr(one, "read_address") and name in options
    }
