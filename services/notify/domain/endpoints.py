"""Which addresses a subscription may have us call: only those the operator has listed, in no disguise."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

LONGEST_URL: Final = 2048
URL: Final = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9_.-]+|\[[0-9a-f:]+\])(?::(?P<port>[0-9]{1,5}))?(?P<target>/[!-~]*)?",
    re.IGNORECASE | re.ASCII,
)
DEFAULT_PORTS: Final = {"https": 443, "http": 80}

# Ranges that reach inside although Python calls (some of) them global: they carry an IPv4 address within,
# or are local by an older name.
DISGUISED: Final[tuple[IPv6Network, ...]] = tuple(
    IPv6Network(text)
    for text in (
        *("::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"),
        *("fec0::/10", "ff00::/8"),
    )
)

Network = IPv4Network | IPv6Network


class EndpointRefused(ValueError):
    """This address is not called; the text says why."""


@dataclass(frozen=True, slots=True)
class EndpointRule:
    """What the operator allows: a host (`*.` before it for all below it, `*` for any), and how it is reached.

    Without networks the host must resolve to public addresses; with them, to addresses inside.
    """

    host: str
    networks: tuple[Network, ...] = ()
    plain_http: bool = False
    ports: frozenset[int] = frozenset()

    def covers(self, scheme: str, host: str, port: int) -> bool:
        """Say whether the rule is about this host, on this port, by this scheme."""
        wanted = self.host.lower()
        named = wanted in ("*", host) or (wanted.startswith("*.") and host.endswith(wanted[1:]))
        open_port = port in self.ports if self.ports else port == DEFAULT_PORTS[scheme] or bool(self.networks)
        return named and open_port and (scheme == "https" or self.plain_http)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that may be called, and the rule that allows it."""

    scheme: str
    host: str
    port: int
    target: str
    rule: EndpointRule


def rule_from(host: str, networks: Iterable[str], ports: Iterable[int], *, plain_http: bool) -> EndpointRule:
    """Build a rule from settings; ValueError when a network is none."""
    return EndpointRule(host, tuple(ip_network(text) for text in networks), plain_http, frozenset(ports))


def read_endpoint(url: str, rules: Iterable[EndpointRule]) -> Endpoint:
    """Read an address and find the rule that allows it, or raise EndpointRefused."""
    read = URL.fullmatch(url) if len(url) <= LONGEST_URL else None
    if read is None:
        raise EndpointRefused(
            f"It must be an https address of at most {LONGEST_URL} characters, without user name or fragment."
        )
    scheme, host = read["scheme"].lower(), read["host"].lower()
    port = int(read["port"] or DEFAULT_PORTS[scheme])
    if "#" in (read["target"] or "") or not 0 < port < 65_536:
        raise EndpointRefused("It must have no fragment, and a port that exists.")
    for rule in rules:
        if rule.covers(scheme, host, port):
            return Endpoint(scheme, host, port, read["target"] or "/", rule)
    raise EndpointRefused("The operator of this service has not allowed this host; ask for it to be listed.")


def may_connect(address: str, rule: EndpointRule) -> bool:
    """Say whether this resolved address may be connected to under the rule."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    found = _unmapped(found)
    if rule.networks:
        return any(found.version == network.version and found in network for network in rule.networks)
    return _is_public(found)


def _unmapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and any(address in network for network in DISGUISED):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved
