"""Consent, waiver, objection and block: on what law, for how long, for whom; never rewritten."""

from collections.abc import Iterator
from typing import Any, Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.consent.giver import giver_rules
from services.sip.domain.care.consent.laws import CITED, GIVEN_BY_THE_PERSON, LAWS_OF
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.life_cycle import LifeCycle
from services.sip.domain.care.parties import upwards
from services.sip.domain.care.reading import codes_in, extension, target
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import CONSENT_CATEGORIES, CONSENT_CATEGORY, EXT_CONSENT_FORM
from services.sip.domain.held import Resource
from services.sip.domain.moments import span_of_period
from services.sip.domain.place import hsa_id_of

LIFE: Final = LifeCycle(
    rule="consent-status",
    what="A consent",
    where="Consent.status",
    begins=frozenset({"draft", "proposed", "active", "rejected", "inactive"}),
    steps={
        "draft": frozenset({"draft", "proposed", "active", "rejected", "inactive", "entered-in-error"}),
        "proposed": frozenset({"proposed", "active", "rejected", "inactive", "entered-in-error"}),
        "active": frozenset({"active", "inactive", "entered-in-error"}),
        "rejected": frozenset({"entered-in-error"}),
        "inactive": frozenset({"entered-in-error"}),
    },
)
_AS_GIVEN: Final = ("scope", "category", "patient", "dateTime", "performer", "policy", "policyRule")


def consent_rules(before: Resource | None, after: Resource, context: CareContext) -> Iterator[Violation]:
    """Judge one new version of a Consent; one of a category that is none of ours is stored as what it is."""
    categories = set(codes_in(after.get("category"), CONSENT_CATEGORY)).intersection(CONSENT_CATEGORIES)
    if not categories and not _is_in_force(before):
        return
    yield from LIFE.broken_by(before, after)
    if before is not None and _is_in_force(before):
        yield from _kept_as_given(before, after)
    if after.get("status") == "active" and (before is None or not _is_in_force(before)):
        yield from _sound_when_given(after, categories, context)


def _is_in_force(consent: Resource | None) -> bool:
    return (
        consent is not None
        and consent.get("status") == "active"
        and not set(CONSENT_CATEGORIES).isdisjoint(codes_in(consent.get("category"), CONSENT_CATEGORY))
    )


def _sound_when_given(consent: Resource, categories: set[str], context: CareContext) -> Iterator[Violation]:
    yield from giver_rules(consent, context)
    yield from _policy(consent, categories)
    yield from _period(consent, categories)
    yield from _parties(consent, context)
    yield from _documentation(consent, context)
    if "block" in categories:
        yield from _own_block(consent, context)


def _policy(consent: Resource, categories: set[str]) -> Iterator[Violation]:
    named = {one.get("uri") for one in consent.get("policy", ())}
    for category in sorted(categories):
        laws = LAWS_OF[category]
        if named.isdisjoint(laws):
            yield Violation(
                "consent-policy",
                f"A consent of category {category} names its law; set policy.uri to {' or '.join(laws)}.",
                "Consent.policy",
                CITED[category],
            )


def _period(consent: Resource, categories: set[str]) -> Iterator[Violation]:
    period = consent.get("provision", {}).get("period", {})
    start, end = span_of_period(period)
    if start > end:
        yield Violation(
            "consent-period-reversed",
            "The consent ends before it begins; correct start or end.",
            "Consent.provision.period",
            agreed("consent_time_limited"),
        )
    if categories & GIVEN_BY_THE_PERSON and not (period.get("start") and period.get("end")):
        yield Violation(
            "consent-period-missing",
            "Consent is given for a time; state when it begins and ends in provision.period.",
            "Consent.provision.period",
            agreed("consent_time_limited"),
        )


def _parties(consent: Resource, context: CareContext) -> Iterator[Violation]:
    for number, actor in enumerate(consent.get("provision", {}).get("actor", ())):
        key = target(actor.get("reference"))
        if key not in context.directory and key not in context.person:
            yield Violation(
                "consent-party-unknown",
                f"{key or 'The party'} is not known, so nobody can tell whom the consent is for; name an "
                "Organization of the directory, or the plan's CareTeam.",
                f"Consent.provision.actor[{number}].reference",
                "PDL 4 kap. 1 §",
            )


def _own_block(consent: Resource, context: CareContext) -> Iterator[Violation]:
    """A care giver shuts what was written in its own house: it alone can lift that again."""
    for number, key in enumerate(target(one) for one in consent.get("organization", ())):
        houses = {hsa_id_of(context.directory[one]) for one in upwards(key, context)} if key else set()
        if context.actor_giver is not None and context.actor_giver not in houses:
            yield Violation(
                "consent-block-of-another",
                "A block is noted by the care giver whose data it shuts; ask that care giver, or leave organization "
                "out to block what your own unit has written.",
                f"Consent.organization[{number}]",
                "PDL 4 kap. 4 §; lag (2022:913) 2 kap. 3 §",
            )


def _documentation(consent: Resource, context: CareContext) -> Iterator[Violation]:
    """Oral consent is noted by the unit that took it, in Consent.organization."""
    form = extension(consent, EXT_CONSENT_FORM)
    units = [target(one) for one in consent.get("organization", ())]
    if form and form.get("valueCode") == "oral" and not any(unit in context.directory for unit in units):
        yield Violation(
            "consent-undocumented",
            "Oral consent is written down by somebody; name the unit that took it in Consent.organization.",
            "Consent.organization",
            agreed("oral_consent_documented"),
        )


def _kept_as_given(before: Resource, after: Resource) -> Iterator[Violation]:
    """What the person agreed to changes by a new consent alone; a given one may only end, or end sooner."""
    changed = [name for name in _AS_GIVEN if before.get(name) != after.get(name)]
    if changed or _without_end(before) != _without_end(after) or _ends_later(before, after):
        yield Violation(
            "consent-rewritten",
            f"The person agreed to what stood there ({', '.join(changed) or 'provision'} differs); end this "
            "consent (status inactive, or an earlier period.end) and write a new one.",
            "Consent",
            agreed("life_cycles_kept"),
        )


def _without_end(consent: Resource) -> dict[str, Any]:
    provision = dict(consent.get("provision", {}))
    provision["period"] = {
        name: value for name, value in provision.get("period", {}).items() if name != "end"
    }
    return provision


def _ends_later(before: Resource, after: Resource) -> bool:
    was, now = (span_of_period(one.get("provision", {}).get("period"))[1] for one in (before, after))
    return now > was
