"""What makes two resources one: a Patient's personal number, an Organization's HSA-id, whoever registers it."""

from collections.abc import Mapping
from typing import Any, Final

from services.sip.domain.codes import HSA_ID, HSA_ID_SYSTEMS, PERSON_NUMBER_SYSTEMS

IDENTIFYING: Final[Mapping[str, Mapping[str, str]]] = {
    "Patient": {system: system for system in PERSON_NUMBER_SYSTEMS},
    # A second Organization with a unit's HSA-id could stand in for it where consents and teams name units.
    "Organization": dict.fromkeys(HSA_ID_SYSTEMS, f"Organization|{HSA_ID}"),
}
"""For each type the systems whose identifiers identify it, and how they are written down."""


def identities_of(resource: Mapping[str, Any]) -> list[str]:
    """Give every identity of a resource, one form for each; nothing for types that have none."""
    systems = IDENTIFYING.get(str(resource.get("resourceType")))
    if (
        systems is None
    ):  # and where a type has none, its identifier need not be a list: QuestionnaireResponse has one
        return []
    return [
        f"{systems[one['system']]}|{one['value']}"
        for one in resource.get("identifier", [])
        if one.get("system") in systems and isinstance(one.get("value"), str)
    ]
