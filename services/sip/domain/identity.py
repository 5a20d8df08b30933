"""What makes two Patients one person: the same personal number, whoever registers it."""

from collections.abc import Mapping
from typing import Any

from services.sip.domain.codes import PERSON_NUMBER_SYSTEMS


def identities_of(resource: Mapping[str, Any]) -> list[str]:
    """Give `system|value` of every personal number of a Patient; nothing for other types."""
    if resource.get("resourceType") != "Patient":
        return []
    identifiers = resource.get("identifier", [])
    return [
        f"{one['system']}|{one['value']}"
        for one in identifiers
        if one.get("system") in PERSON_NUMBER_SYSTEMS and isinstance(one.get("value"), str)
    ]
