"""The access log in plain Swedish."""

from datetime import datetime

from services.sip.api.models.people import AccessRow, Unit
from services.sip.api.views.places import unit_of
from services.sip.api.views.words import ACTIONS, KINDS, ground_of
from services.sip.domain.held import Resource
from services.sip.domain.moments import SWEDEN
from services.sip.use_cases.read_access_log import LogPage

RELATIVE = "Vårdnadshavare eller närstående"
SEARCHED = {"search-type": "S", "operation": "E"}


def access_view(event: Resource, page: LogPage, *, to_resident: bool) -> AccessRow:
    """Tell of one access; a resident learns which unit and when (PDL 8 kap. 5 §), not which employee."""
    who, unit, giver = _agent(event, None), _named(event, "unit", page), _named(event, "giver", page)
    subtype = event.get("subtype", [{}])[0].get("code", "")
    letter = SEARCHED.get(subtype) or str(event.get("action"))
    did, refused = ACTIONS.get(letter, ACTIONS["E"])
    allowed = event.get("outcome") == "0"
    near = str(who.get("reference", "")).partition("/")[0]
    themselves = near == "Patient" and to_resident
    by = (
        "Du själv"
        if themselves
        else RELATIVE
        if near == "RelatedPerson"
        else _name(unit) or _name(giver) or "Okänd"
    )
    about = _kinds(event)
    return AccessRow(
        at=event["recorded"],
        action=did,
        allowed=allowed,
        ground=ground_of(event.get("outcomeDesc", "")),
        unit=unit,
        giver=giver,
        employee=None if to_resident else who.get("identifier", {}).get("value"),
        about=about,
        text=_sentence(event["recorded"], by, did if allowed else f"nekades {refused}", about),
    )


def _agent(event: Resource, kind: str | None) -> Resource:
    """Give who acted (no kind), or the unit or giver they acted for."""
    agents = (one for one in event.get("agent", ()) if one.get("type", {}).get("text") == kind)
    return next((one.get("who", {}) for one in agents), {})


def _named(event: Resource, kind: str, page: LogPage) -> Unit | None:
    hsa_id = _agent(event, kind).get("identifier", {}).get("value")
    if not hsa_id:
        return None
    known = unit_of(page.units.get(hsa_id), page.directory)
    return known or Unit(hsa_id=hsa_id, name=hsa_id, principal=None)


def _name(unit: Unit | None) -> str | None:
    return unit.name if unit else None


def _kinds(event: Resource) -> list[str]:
    keys = (one.get("what", {}).get("reference", "") for one in event.get("entity", ()))
    kinds = (KINDS.get(key.partition("/")[0]) for key in keys)
    found = list(dict.fromkeys(kind for kind in kinds if kind))
    # The person stands in every row; what else was looked at says more.
    return found if len(found) < 2 else [kind for kind in found if kind != KINDS["Patient"]]


def _sentence(recorded: str, by: str, action: str, about: list[str]) -> str:
    at = datetime.fromisoformat(recorded).astimezone(SWEDEN)
    return f"{at:%Y-%m-%d} kl. {at:%H.%M}: {by} {action} {', '.join(about) or 'ingenting om någon'}."
