"""Whom a consent lets take part, and in what: one reading for the rules of a plan and for who may read.

A waiver may be partial (OSL 10 kap. 1 §): `provision.actor` names the receiving parties, none means every party of the
plan; `provision.data` names plans, or single things in them, none means all.
"""

from collections.abc import Collection, Iterator
from typing import Final

from services.sip.domain.codes import CONSENT_CATEGORY
from services.sip.domain.held import Directory, Resource
from services.sip.domain.resource_types import references_at, values_at

SHARING: Final = frozenset({"sip", "shared-record", "secrecy-waiver"})
"""Categories that let others read; an objection or a block never does."""
OUTSIDE_SHARED_RECORD: Final = frozenset({"social-services"})
"""Unit kinds that lag (2022:913) 1 kap. 1 § does not reach: it covers care of older and disabled people alone."""


def categories_of(consent: Resource) -> frozenset[str]:
    """Give the consent's categories of ours."""
    codings = values_at(consent, "category.coding")
    return frozenset(str(one.get("code")) for one in codings if one.get("system") == CONSENT_CATEGORY)


def in_force(consent: Resource) -> bool:
    """Tell whether it was given and not withdrawn; its period is looked at elsewhere."""
    return consent.get("status") == "active"


def permits(consent: Resource) -> bool:
    """Tell whether it lets anybody read at all."""
    permit = consent.get("provision", {}).get("type", "permit") == "permit"
    return in_force(consent) and permit and not SHARING.isdisjoint(categories_of(consent))


def names_party(consent: Resource, names: Collection[str]) -> bool:
    """Tell whether it is for this party; `names` are all references by which it could be named."""
    actors = references_at(consent.get("provision", {}), "actor.reference")
    return not actors or not set(actors).isdisjoint(names)


def concerns(consent: Resource, plan: str, thing: str | None = None) -> bool:
    """Tell whether it is about the plan, or about a single thing in it."""
    named = references_at(consent.get("provision", {}), "data.reference")
    return not named or plan in named or (thing is not None and thing in named)


def names_of(unit: str, directory: Directory) -> Iterator[str]:
    """Give every reference that names a unit: its rows, roles at it, and each organization above it."""
    own = {key: held.place for key, held in directory.items() if held.place.unit == unit}
    givers = {place.giver for place in own.values()}
    waiting = [*own, *(key for key, held in directory.items() if held.place.unit in givers - {None})]
    seen: set[str] = set()
    while waiting:
        key = waiting.pop()
        if key in directory and key not in seen:
            seen.add(key)
            yield key
            waiting += references_at(directory[key].resource, "partOf", "organization", "providedBy")
