"""Skyddad folkbokföring and sekretessmarkering: where a person is to be found is shown to as few as can be.

OSL 22 kap. 1 §, folkbokföringslagen 16 §. The labels are HL7 Sweden's, in meta.security of the Patient; one on a
RelatedPerson protects that relative. Masked are all addresses and all telecom, since a number may give the place away,
and the narrative, which may repeat them.
"""

from collections.abc import Mapping
from typing import Any, Final

from services.chassis.principal import Principal
from services.chassis.scopes import allows
from services.sip.domain.held import Resource
from services.sip.domain.resource_types import values_at

LABELS: Final = frozenset({"sekretessmarkering", "skyddadFolkbokforing"})
"""Whatever system they stand under: a label that is spelled differently must not lay an address bare."""
TYPES_WITH_PLACES: Final = frozenset({"Patient", "RelatedPerson"})
PLACES: Final = frozenset({"address", "telecom", "valueAddress", "valueContactPoint"})
SCOPE: Final = "protected-identity"
"""`user/protected-identity.r` in a token lets its bearer see what is masked; `*` does not grant it."""
MASKED: Final = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "MASKED"}


def is_protected(resource: Mapping[str, Any] | None) -> bool:
    """Tell whether the person (or relative) bears a label."""
    labels = values_at(resource or {}, "meta.security")
    return any(isinstance(one, dict) and one.get("code") in LABELS for one in labels)


def masked(resource: Resource) -> Resource:
    """Give it without what tells a place, and say so in its labels."""
    kept: Resource = _without_places({name: value for name, value in resource.items() if name != "text"})
    meta = dict(kept.get("meta", {}))
    return {**kept, "meta": {**meta, "security": [*meta.get("security", []), MASKED]}}


def shielded(resource: Resource, person: Mapping[str, Any] | None) -> bool:
    """Tell whether this resource is masked, of a person with or without a label."""
    return resource["resourceType"] in TYPES_WITH_PLACES and (is_protected(person) or is_protected(resource))


def sees_all(caller: Principal) -> bool:
    """Tell whether the token was made out for seeing protected addresses."""
    return bool(caller.unit) and allows(caller.scopes, SCOPE, "r")


def _without_places(node: Any) -> Any:
    if isinstance(node, dict):
        kept = ((name, value) for name, value in node.items() if name.removeprefix("_") not in PLACES)
        opened = {name: _without_places(value) for name, value in kept}
        if opened.keys() == {"url"} != node.keys():
            return {}  # an extension is nothing without its value
        return {name: value for name, value in opened.items() if value not in ({}, [])}
    if isinstance(node, list):
        return [one for one in map(_without_places, node) if one not in ({}, [])]
    return node
