"""An access row as FHIR AuditEvent: what, which unit and care giver, when, who, which person, on what ground."""

from collections.abc import Mapping
from typing import Any, Final

from services.sip.domain import codes

_KINDS: Final = {
    "C": "create",
    "R": "read",
    "U": "update",
    "D": "delete",
    "S": "search-type",
    "E": "operation",
}
_ACTIONS: Final = {"C": "C", "R": "R", "U": "U", "D": "D", "S": "E", "E": "E"}


def audit_event(number: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Build the AuditEvent of one row of the access log."""
    at = row["at"].strftime("%Y-%m-%dT%H:%M:%S.") + f"{row['at'].microsecond // 1000:03d}Z"
    event: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": number,
        "meta": {"versionId": "1", "lastUpdated": at},
        "type": {"system": "http://terminology.hl7.org/CodeSystem/audit-event-type", "code": "rest"},
        "subtype": [{"system": "http://hl7.org/fhir/restful-interaction", "code": _KINDS[row["action"]]}],
        "action": _ACTIONS[row["action"]],
        "recorded": at,
        "outcome": "0" if row["allowed"] else "4",
        "outcomeDesc": row["reason"],
        "agent": _agents(row),
        "source": {"observer": {"display": "Samplan"}},
    }
    if entities := _entities(row):
        event["entity"] = entities
    return event


def _agents(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The person who looked first, then the unit and the care giver they acted for, then their system."""
    who = row.get("employee") or row.get("relative") or row.get("patient") or row["subject"]
    person: dict[str, Any] = {"who": {"identifier": {"value": who}}, "requestor": True}
    if row.get("employee"):
        person["who"]["identifier"]["system"] = codes.HSA_ID
    elif row.get("relative"):
        person["who"] = {"reference": row["relative"]}
    elif row.get("patient"):
        person["who"] = {"reference": f"Patient/{row['patient']}"}
    if row.get("purpose"):
        person["purposeOfUse"] = [{"text": row["purpose"]}]
    agents = [person]
    for name in ("unit", "giver"):
        if row.get(name):
            agents.append(  # noqa: PERF401 - two at most, and easier to read so
                {"who": {"identifier": {"system": codes.HSA_ID, "value": row[name]}, "type": "Organization"},
                 "type": {"text": name}, "requestor": False}
            )  # fmt: skip
    agents.append({"who": {"display": row["client"]}, "type": {"text": "system"}, "requestor": False})
    return agents


def _entities(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    entities: list[dict[str, Any]] = []
    if row.get("person"):
        role = {"system": "http://terminology.hl7.org/CodeSystem/object-role", "code": "1"}
        entities.append({"what": {"reference": row["person"]}, "role": role})
    others = (key for key in row.get("keys", ()) if key != row.get("person"))
    return entities + [{"what": {"reference": key}} for key in others]
