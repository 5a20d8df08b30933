"""Whom a consent lets take part: the actors it names, or every party of the plan when it names none."""

from collections.abc import Iterator

from services.sip.domain.held import Directory, Held, Resource
from services.sip.domain.resource_types import references_at


def covers(consent: Resource, reader: str, within: tuple[str, str | None], directory: Directory) -> bool:
    """Tell whether a consent lets this reader take part of (plan, team); its time is looked at elsewhere."""
    plan, team = within
    provision = consent.get("provision", {})
    if consent.get("status") != "active" or provision.get("type", "permit") != "permit":
        return False
    plans = references_at(provision, "data.reference")
    if plans and plan not in plans:
        return False
    actors = references_at(provision, "actor.reference")
    if not actors or team in actors or reader in actors:
        return True
    named = {one for actor in actors if (held := directory.get(actor)) for one in _named(held)}
    return reader in named or _giver_of(reader, directory) in named


def _named(held: Held) -> Iterator[str]:
    """Naming a whole region or municipality covers all its units; naming a unit, or a role at it, that unit."""
    if held.place.unit:
        yield held.place.unit


def _giver_of(unit: str, directory: Directory) -> str | None:
    return next((held.place.giver for held in directory.values() if held.place.unit == unit), None)
