"""Invariants of the resources about persons, staff and care."""

from typing import Final

from services.sip.domain.shape.invariants.rule import (
    Invariant,
    Node,
    has,
    has_any,
    has_choice,
    has_coding,
    in_order,
)

_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_VERIFICATION: Final = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
_SCOPE: Final = "http://terminology.hl7.org/CodeSystem/consentscope"


def _abated_only_when_not_active(condition: Node) -> bool:
    over = frozenset({"resolved", "remission", "inactive"})
    return not has_choice(condition, "abatement") or has_coding(
        condition.get("clinicalStatus"), _CLINICAL, over
    )


def _no_clinical_status_in_error(condition: Node) -> bool:
    in_error = has_coding(condition.get("verificationStatus"), _VERIFICATION, frozenset({"entered-in-error"}))
    return not in_error or not has(condition, "clinicalStatus")


def _value_is_not_also_a_component(observation: Node) -> bool:
    own = _codes(observation)
    components = observation.get("component", ())
    return not has_choice(observation, "value") or not any(own & _codes(one) for one in components)


def _codes(node: Node) -> set[tuple[str, str]]:
    """Give the codes of an Observation or a component that say what was observed."""
    codings = node.get("code", {}).get("coding", ())
    return {(one["system"], one["code"]) for one in codings if "system" in one and "code" in one}


def _has_patient_where_scope_asks(codes: str) -> Invariant:
    """R4 writes these four with a placeholder for the system; its words leave no doubt which is meant."""
    key, code = codes.split()
    return Invariant(
        key,
        f"A consent of the scope {code} needs its patient",
        lambda node: has(node, "patient") or not has_coding(node.get("scope"), _SCOPE, frozenset({code})),
    )


def _times_fit_status(appointment: Node) -> bool:
    timed = has(appointment, "start") and has(appointment, "end")
    return timed or appointment["status"] in {"proposed", "cancelled", "waitlist"}


def _never_home(name: str) -> Invariant:
    return Invariant(
        "org-3" if name == "telecom" else "org-2",
        f"The {name} of an organization is never of the use home",
        lambda node: all(one.get("use") != "home" for one in node.get(name, ())),
    )


INVARIANTS: Final[dict[str, list[Invariant]]] = {
    "Patient.contact": [
        Invariant(
            "pat-1",
            "A contact needs a name, telecom, address or organization",
            lambda node: has_any(node, "name", "telecom", "address", "organization"),
        )
    ],
    "Organization": [
        Invariant(
            "org-1",
            "An organization needs an identifier or a name",
            lambda node: has_any(node, "identifier", "name"),
        ),
        _never_home("address"),
        _never_home("telecom"),
    ],
    "CarePlan.activity": [
        Invariant(
            "cpl-3",
            "Give either reference or detail",
            lambda node: not (has(node, "reference") and has(node, "detail")),
        )
    ],
    "Goal.target": [
        Invariant(
            "gol-1",
            "A target with a detail needs its measure",
            lambda node: not has_choice(node, "detail") or has(node, "measure"),
        )
    ],
    "Task": [
        Invariant(
            "inv-1",
            "lastModified cannot lie before authoredOn",
            lambda node: in_order(node.get("authoredOn"), node.get("lastModified")),
        )
    ],
    "Condition": [
        Invariant(
            "con-4",
            "A condition that has abated is inactive, resolved or in remission",
            _abated_only_when_not_active,
        ),
        Invariant(
            "con-5", "A condition entered in error has no clinicalStatus", _no_clinical_status_in_error
        ),
    ],
    "Condition.stage": [
        Invariant(
            "con-1",
            "A stage needs a summary or an assessment",
            lambda node: has_any(node, "summary", "assessment"),
        )
    ],
    "Condition.evidence": [
        Invariant("con-2", "Evidence needs a code or a detail", lambda node: has_any(node, "code", "detail"))
    ],
    "Observation": [
        Invariant(
            "obs-6",
            "Give either a value or the reason why there is none",
            lambda node: not (has(node, "dataAbsentReason") and has_choice(node, "value")),
        ),
        Invariant(
            "obs-7",
            "A value cannot stand both in the observation and in a component of the same code",
            _value_is_not_also_a_component,
        ),
    ],
    "Observation.referenceRange": [
        Invariant(
            "obs-3",
            "A reference range needs a low, a high or a text",
            lambda node: has_any(node, "low", "high", "text"),
        )
    ],
    "Consent": [
        Invariant(
            "ppc-1",
            "A consent needs a policy or a policyRule: what it rests on",
            lambda node: has_any(node, "policy", "policyRule"),
        ),
        *(
            _has_patient_where_scope_asks(one)
            for one in ("ppc-2 patient-privacy", "ppc-3 research", "ppc-4 adr", "ppc-5 treatment")
        ),
    ],
    "Appointment": [
        Invariant(
            "app-2",
            "Give both start and end, or neither",
            lambda node: has(node, "start") == has(node, "end"),
        ),
        Invariant(
            "app-3",
            "Only a proposed, waitlisted or cancelled appointment can be without start and end",
            _times_fit_status,
        ),
        Invariant(
            "app-4",
            "A cancelationReason is for appointments that were cancelled or not kept",
            lambda node: not has(node, "cancelationReason") or node["status"] in {"noshow", "cancelled"},
        ),
    ],
    "Appointment.participant": [
        Invariant(
            "app-1", "A participant needs a type or an actor", lambda node: has_any(node, "type", "actor")
        )
    ],
    "AppointmentResponse": [
        Invariant(
            "apr-1",
            "An answer needs participantType or actor",
            lambda node: has_any(node, "participantType", "actor"),
        )
    ],
    "QuestionnaireResponse.item": [
        Invariant(
            "qrs-1",
            "Items stand beneath the item or beneath its answer",
            lambda node: not (has(node, "answer") and has(node, "item")),
        )
    ],
    "Group": [
        Invariant(
            "grp-1",
            "Only a group of actual members lists them",
            lambda node: not has(node, "member") or node["actual"] is True,
        )
    ],
    "ServiceRequest": [
        Invariant(
            "prr-1",
            "An orderDetail needs the code",
            lambda node: not has(node, "orderDetail") or has(node, "code"),
        )
    ],
}
