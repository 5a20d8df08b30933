"""Search parameters of each type, as data: name, kind, where the value is, and the official definition."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

HL7 = "http://hl7.org/fhir/SearchParameter/"


@dataclass(frozen=True, slots=True)
class SearchParam:
    """One parameter: `paths` lead to its values; `targets` are the types a reference may name."""

    name: str
    kind: str
    paths: tuple[str, ...]
    definition: str
    targets: tuple[str, ...] = field(default=())


def _param(spec: str, definition: str) -> SearchParam:
    """Read `name:kind path path >Target >Target`."""
    head, *rest = spec.split()
    name, kind = head.split(":")
    targets = tuple(one[1:] for one in rest if one.startswith(">"))
    return SearchParam(
        name, kind, tuple(one for one in rest if not one.startswith(">")), HL7 + definition, targets
    )


_CLINICAL = {"patient", "code", "date", "identifier", "encounter", "type"}

_SPECS: Final = {
    "Patient": """
        identifier:token identifier
        name:string name.family name.given name.text name.prefix name.suffix
        family:string name.family
        given:string name.given
        birthdate:date birthDate
        gender:token gender
        active:token active
        general-practitioner:reference generalPractitioner >PractitionerRole >Practitioner >Organization
        address:string address.text address.line address.city address.district address.state address.postalCode
        telecom:token telecom""",
    "RelatedPerson": """
        patient:reference patient >Patient
        identifier:token identifier
        name:string name.family name.given name.text
        relationship:token relationship
        active:token active""",
    "Practitioner": """
        identifier:token identifier
        name:string name.family name.given name.text
        family:string name.family
        given:string name.given
        active:token active""",
    "PractitionerRole": """
        identifier:token identifier
        practitioner:reference practitioner >Practitioner
        organization:reference organization >Organization
        role:token code
        specialty:token specialty
        active:token active""",
    "Organization": """
        identifier:token identifier
        name:string name alias
        type:token type
        partof:reference partOf >Organization
        active:token active""",
    "HealthcareService": """
        identifier:token identifier
        name:string name
        organization:reference providedBy >Organization
        service-type:token type
        active:token active""",
    "CarePlan": """
        patient:reference subject >Patient
        subject:reference subject >Patient
        identifier:token identifier
        status:token status
        intent:token intent
        category:token category
        date:date period
        care-team:reference careTeam >CareTeam
        goal:reference goal >Goal
        condition:reference addresses >Condition
        activity-reference:reference activity.reference >Task >Appointment
        part-of:reference partOf >CarePlan
        replaces:reference replaces >CarePlan
        based-on:reference basedOn >CarePlan""",
    "CareTeam": """
        patient:reference subject >Patient
        subject:reference subject >Patient
        identifier:token identifier
        status:token status
        category:token category
        date:date period
        participant:reference participant.member >PractitionerRole >Practitioner >Patient >RelatedPerson""",
    "Goal": """
        patient:reference subject >Patient
        subject:reference subject >Patient
        identifier:token identifier
        lifecycle-status:token lifecycleStatus
        achievement-status:token achievementStatus
        category:token category
        start-date:date startDate
        target-date:date target.dueDate""",
    "Task": """
        patient:reference for >Patient
        subject:reference for >Patient
        identifier:token identifier
        status:token status
        intent:token intent
        code:token code
        priority:token priority
        based-on:reference basedOn >CarePlan
        part-of:reference partOf >Task
        focus:reference focus
        owner:reference owner >Organization >PractitionerRole >Practitioner >Patient >RelatedPerson >CareTeam
        requester:reference requester >Organization >PractitionerRole >Practitioner >Patient >RelatedPerson
        authored-on:date authoredOn
        modified:date lastModified
        period:date executionPeriod""",
    "Condition": """
        patient:reference subject >Patient
        subject:reference subject >Patient
        identifier:token identifier
        clinical-status:token clinicalStatus
        category:token category
        code:token code
        recorded-date:date recordedDate
        onset-date:date onsetDateTime onsetPeriod""",
    "Observation": """
        patient:reference subject >Patient
        subject:reference subject >Patient
        identifier:token identifier
        status:token status
        category:token category
        code:token code
        date:date effectiveDateTime effectivePeriod effectiveInstant
        performer:reference performer >Patient >PractitionerRole >Practitioner >Organization >RelatedPerson >CareTeam
        data-absent-reason:token dataAbsentReason
        value-string:string valueString""",
    "Consent": """
        patient:reference patient >Patient
        identifier:token identifier
        status:token status
        scope:token scope
        category:token category
        date:date dateTime
        period:date provision.period
        actor:reference provision.actor.reference >Organization >CareTeam >PractitionerRole >Practitioner >Patient
        data:reference provision.data.reference
        consentor:reference performer >Patient >RelatedPerson >PractitionerRole >Practitioner >Organization""",
    "Appointment": """
        patient:reference participant.actor >Patient
        identifier:token identifier
        status:token status
        date:date start
        actor:reference participant.actor >Patient >PractitionerRole >Practitioner >RelatedPerson >HealthcareService
        practitioner:reference participant.actor >Practitioner
        supporting-info:reference supportingInformation
        service-type:token serviceType""",
    "AppointmentResponse": """
        patient:reference actor >Patient
        appointment:reference appointment >Appointment
        actor:reference actor >Patient >PractitionerRole >Practitioner >RelatedPerson >HealthcareService
        identifier:token identifier
        part-status:token participantStatus""",
    "Communication": """
        patient:reference subject >Patient
        subject:reference subject >Patient
        identifier:token identifier
        status:token status
        category:token category
        based-on:reference basedOn
        sender:reference sender >PractitionerRole >Practitioner >Organization >Patient >RelatedPerson
        recipient:reference recipient >Organization >PractitionerRole >Practitioner >Patient >RelatedPerson >CareTeam
        sent:date sent
        received:date received""",
    "QuestionnaireResponse": """
        patient:reference subject >Patient
        subject:reference subject >Patient
        identifier:token identifier
        status:token status
        questionnaire:uri questionnaire
        based-on:reference basedOn >CarePlan
        authored:date authored
        author:reference author >PractitionerRole >Practitioner >Organization >Patient >RelatedPerson""",
    "Encounter": """
        patient:reference subject >Patient
        subject:reference subject >Patient
        identifier:token identifier
        status:token status
        class:token class
        type:token type
        date:date period
        participant:reference participant.individual >PractitionerRole >Practitioner >RelatedPerson
        service-provider:reference serviceProvider >Organization""",
    "Provenance": """
        target:reference target
        agent:reference agent.who >PractitionerRole >Practitioner >Organization >Patient >RelatedPerson
        recorded:date recorded""",
    "AuditEvent": """
        patient:reference entity.what >Patient
        date:date recorded
        action:token action
        outcome:token outcome""",
    "Measure": """
        url:uri url
        status:token status
        name:string name
        title:string title
        version:token version""",
    "MeasureReport": """
        measure:uri measure
        status:token status
        date:date date
        period:date period
        reporter:reference reporter >Organization""",
}

COMMON: Final = (
    _param("_id:id id", "Resource-id"),
    _param("_lastUpdated:updated meta.lastUpdated", "Resource-lastUpdated"),
    _param("_profile:uri meta.profile", "Resource-profile"),
    _param("_tag:token meta.tag", "Resource-tag"),
    _param("_security:token meta.security", "Resource-security"),
)


def _rows(type_name: str, text: str) -> dict[str, SearchParam]:
    rows = {}
    for line in text.strip().splitlines():
        name = line.split(":")[0].strip()
        prefix = (
            "clinical" if name in _CLINICAL and type_name not in {"Patient", "RelatedPerson"} else type_name
        )
        rows[name] = _param(line, f"{prefix}-{name}")
    return rows | {row.name: row for row in COMMON}


PARAMS: Final[Mapping[str, Mapping[str, SearchParam]]] = {
    name: _rows(name, text) for name, text in _SPECS.items()
}
