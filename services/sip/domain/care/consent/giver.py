"""Who may consent and who may object: the person, and for a child the guardian as far as the law lets."""

from collections.abc import Iterator
from typing import Final

from services.sip.domain.care.age import age_of, is_child
from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.consent.laws import CITED, GIVEN_BY_THE_PERSON, NEVER_BY_A_GUARDIAN
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.reading import codes_in, target
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import CONSENT_CATEGORY
from services.sip.domain.held import Resource

_WHERE: Final = "Consent.performer"
_ROLE_CODES: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
_REPRESENTATIVE: Final = "GUARD"
"""God man or förvaltare whose task includes the person's own affairs (FB 11 kap.)."""


def giver_rules(consent: Resource, context: CareContext) -> Iterator[Violation]:
    """Judge who gives this consent or objection."""
    categories = set(codes_in(consent.get("category"), CONSENT_CATEGORY))
    givers = [key for one in consent.get("performer", ()) if (key := target(one))]
    person = context.person.get(target(consent.get("patient")) or "")
    if categories & NEVER_BY_A_GUARDIAN and is_child(person, context.now):
        yield from _objection_for_a_child(givers)
    own = sorted(categories & GIVEN_BY_THE_PERSON)
    if own and not any(_may_consent(one, person, context) for one in givers):
        yield _not_theirs_to_give(CITED[own[0]])
    elif own:
        yield from _old_enough(givers, person, context)


def _objection_for_a_child(givers: list[str]) -> Iterator[Violation]:
    if any(one.startswith("RelatedPerson/") for one in givers):
        yield Violation(
            "consent-guardian-objects",
            "A guardian may not object to sharing a child's data, nor block it; only the child may.",
            _WHERE,
            "lag (2022:913) 2 kap. 3 §; PDL 4 kap. 4 §",
        )


def _not_theirs_to_give(basis: str) -> Violation:
    return Violation(
        "consent-giver",
        "Consent comes from the person; for a child from a guardian, for an adult else only from a "
        f"RelatedPerson with relationship {_REPRESENTATIVE}. Name who consented as performer.",
        _WHERE,
        f"{basis}; FB 6 kap. 11 §",
    )


def _old_enough(givers: list[str], person: Resource | None, context: CareContext) -> Iterator[Violation]:
    age = age_of(person, context.now)
    alone_from = context.agreed.own_consent_from_age
    if age is not None and age < alone_from and all(one.startswith("Patient/") for one in givers):
        yield Violation(
            "consent-child-alone",
            f"The person is {age}, and consents alone from {alone_from}; name the guardian as performer too.",
            _WHERE,
            agreed("own_consent_from_age"),
        )


def _may_consent(giver: str, person: Resource | None, context: CareContext) -> bool:
    if giver.startswith("Patient/"):
        return True
    relative = context.person.get(giver) if giver.startswith("RelatedPerson/") else None
    if relative is None:
        return False
    return is_child(person, context.now) or _REPRESENTATIVE in codes_in(
        relative.get("relationship"), _ROLE_CODES
    )
