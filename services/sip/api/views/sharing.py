"""Consents and calls as plain JSON."""

from datetime import datetime

from services.sip.api.models.sharing import Call, Consent
from services.sip.api.views.places import Directory, staff_of, units_in
from services.sip.domain.care.reading import extension
from services.sip.domain.codes import EXT_CONSENT_FORM, LAW
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of_period
from services.sip.domain.resource_types import references_at, values_at


def consent_view(consent: Resource, directory: Directory, now: datetime) -> Consent:
    """Tell of a Consent."""
    provision = consent.get("provision", {})
    period = provision.get("period", {})
    start, end = span_of_period(period)
    actors = values_at(provision, "actor.reference")
    return Consent(
        id=consent["id"],
        status=consent.get("status", ""),
        in_force=consent.get("status") == "active" and start <= now < end,
        form=(extension(consent, EXT_CONSENT_FORM) or {}).get("valueCode"),
        given_on=consent.get("dateTime"),
        from_=period.get("start"),
        until=period.get("end"),
        all_parties=not actors,
        units=units_in(actors, directory),
        laws=[str(one.get("uri", "")).removeprefix(LAW) for one in consent.get("policy", ())],
        plan_id=plan_among(references_at(provision, "data.reference")),
    )


def call_view(communication: Resource, directory: Directory) -> Call:
    """Tell of a call; what its payload says further, such as when to meet, follows the question."""
    said = [one["contentString"] for one in communication.get("payload", ()) if "contentString" in one]
    return Call(
        id=communication["id"],
        sent=communication.get("sent"),
        sent_by=staff_of(communication.get("sender"), directory),
        units=units_in(communication.get("recipient", []), directory),
        question=" ".join(said),
        plan_id=plan_among(references_at(communication, "basedOn", "about")),
    )


def plan_among(keys: list[str]) -> str | None:
    """Give the id of the first plan among references."""
    return next((key.partition("/")[2] for key in keys if key.startswith("CarePlan/")), None)
