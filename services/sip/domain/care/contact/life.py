"""Fixed contacts (fast läkarkontakt, vårdkontakt, omsorgskontakt): who may hold one; its history stands."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.contact.facts import (
    DOCTOR,
    HOLDING,
    HOME_CARE,
    Contact,
    is_fixed_contact,
    read_contact,
)
from services.sip.domain.care.contact.kinds import ContactKind, kinds
from services.sip.domain.care.contact.listing import listing_rules
from services.sip.domain.care.contact.stand_in import stand_in_rules
from services.sip.domain.care.contact.steps import never_held, step_rules
from services.sip.domain.care.contact.succession import begins_now, succession_rules
from services.sip.domain.care.contact.ways import ways_rules
from services.sip.domain.care.context import CareContext
from services.sip.domain.care.life_cycle import LifeCycle
from services.sip.domain.care.parties import holds_title, unit_behind
from services.sip.domain.care.reading import has_code
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import UNIT_KIND, Code
from services.sip.domain.held import ALWAYS, FOREVER, Resource

LIFE: Final = LifeCycle(
    rule="contact-status",
    what="A fixed contact",
    where="CareTeam.status",
    begins=frozenset({"proposed", "active", "inactive"}),
    steps={
        "proposed": frozenset({"proposed", "active", "inactive", "entered-in-error"}),
        "active": frozenset({"active", "suspended", "inactive", "entered-in-error"}),
        "suspended": frozenset({"suspended", "active", "inactive", "entered-in-error"}),
        "inactive": frozenset({"entered-in-error"}),
    },
)
_KEPT: Final = agreed("life_cycles_kept")
_NAMED_PERSON: Final = "HSL 7 kap. 3 §; patientlagen 6 kap. 2 §; SoL 10 kap. 7 §"
_RESIDENTIAL: Final = Code(UNIT_KIND, "residential-care")
_SPOKEN: Final = {"lakare": "a physician", "underskoterska": "an undersköterska", "sjukskoterska": "a nurse"}
_CLOCKS: Final = timedelta(minutes=5)
"""How far the clock of a caller's system may run ahead of ours."""


def contact_rules(before: Resource | None, after: Resource, context: CareContext) -> Iterator[Violation]:
    """Judge one new version of a fixed contact."""
    contact = read_contact(after, context)
    yield from LIFE.broken_by(before, after)
    if contact.status not in {"proposed", "inactive", *HOLDING}:
        return
    yield from _one_named_holder(contact, context)
    yield from step_rules(before, contact, context)
    yield from ways_rules(contact, context)
    if before is not None:
        yield from _kept(read_contact(before, context), contact)
    if never_held(after):
        return
    yield from _period(contact, context)
    if contact.status != "inactive":
        yield from _qualified(contact, context)
    if begins_now(before, contact):
        yield from _at_work(contact, context)
    yield from succession_rules(before, contact, context)
    yield from stand_in_rules(before, contact, context)
    yield from listing_rules(before, contact, context)


def stays_a_contact(before: Resource | None, after: Resource) -> Iterator[Violation]:
    """A fixed contact and a plan's team are different things, and neither becomes the other."""
    if before is not None and is_fixed_contact(before) != is_fixed_contact(after):
        yield Violation(
            "contact-category-changed",
            "A fixed contact does not become another team, nor a team a contact; end it and write a new one.",
            "CareTeam.category",
            _KEPT,
        )


def _one_named_holder(contact: Contact, context: CareContext) -> Iterator[Violation]:
    number = len(contact.resource.get("participant", ()))
    if number != 1:
        yield Violation(
            "contact-one-holder",
            f"A fixed contact is one named person, and this names {number}; write one CareTeam for each.",
            "CareTeam.participant",
            _NAMED_PERSON,
        )
        return
    holder = contact.holder or ""
    if not holder.startswith("PractitionerRole/") or unit_behind(holder, context) is None:
        yield Violation(
            "contact-holder-unknown",
            f"{holder or 'The holder'} is no staff role of a unit in the directory; name a PractitionerRole.",
            "CareTeam.participant[0].member",
            _NAMED_PERSON,
        )
    if contact.kind not in kinds():
        listed = ", ".join(f"{one.code.code} ({one.text})" for one in kinds().values())
        yield Violation(
            "contact-kind",
            f"The role does not say which kind of contact this is; give one code: {listed}.",
            "CareTeam.participant[0].role",
            _NAMED_PERSON,
        )


def _period(contact: Contact, context: CareContext) -> Iterator[Violation]:
    flaws = {
        "no start; state when the contact began in period.start": (
            contact.start == ALWAYS and contact.status != "proposed"
        ),
        "an end before its start; correct one of them": contact.end < contact.start,
        "a start to come; let status be proposed until then": (
            contact.status in HOLDING and contact.start > context.now + _CLOCKS
        ),
        "an end that has passed; let status be inactive": (
            contact.status == "active" and contact.end <= context.now
        ),
        "ended without an end; state it in period.end": (
            contact.status == "inactive" and contact.end == FOREVER
        ),
        "ended at a time to come; state a period.end that has been": (
            contact.status == "inactive" and context.now + _CLOCKS < contact.end < FOREVER
        ),
    }
    for text, is_so in flaws.items():
        if is_so:
            yield Violation("contact-period", f"The contact has {text}.", "CareTeam.period", _KEPT)


def _qualified(contact: Contact, context: CareContext) -> Iterator[Violation]:
    """The holder's protected title, where law or agreement asks for one, and the setting it is for."""
    role, kind = context.directory.get(contact.holder or ""), kinds().get(contact.kind or "")
    if role is None or kind is None:
        return
    if kind.title is not None and not holds_title(role, kind.title, context):
        yield _untitled(contact, kind.title.code, kind)
    unit = context.directory.get(unit_behind(contact.holder, context) or "", {})
    residential = contact.kind == HOME_CARE and has_code(unit.get("type"), _RESIDENTIAL)
    if residential and not context.agreed.care_contact_in_residential_care:
        yield Violation(
            "contact-care-setting",
            "A fast omsorgskontakt is for home care, and this unit is särskilt boende; where that is agreed (or has "
            "become law), the setting care_contact_in_residential_care opens it.",
            "CareTeam.participant[0].member",
            "SoL 10 kap. 7 §",
        )


def _untitled(contact: Contact, title: str, kind: ContactKind) -> Violation:
    text = (
        f"Only {_SPOKEN.get(title, title)} may be {kind.text}, and nothing says that {contact.holder} is one; appoint "
        "another, or see to Practitioner.qualification."
    )
    where = "CareTeam.participant[0].member"
    if contact.kind == HOME_CARE:
        return Violation("contact-assistant-nurse", text, where, kind.title_because)
    if contact.kind == DOCTOR:
        return Violation("contact-doctor", text, where, kind.title_because)
    return Violation("contact-title", text, where, kind.title_because)


def _at_work(contact: Contact, context: CareContext) -> Iterator[Violation]:
    """Who has left is no contact to begin with; a role that another replaced is left to those it holds for now."""
    role = context.directory.get(contact.holder or "", {})
    if role.get("active") is False:
        yield Violation(
            "contact-holder-left",
            f"{contact.holder} is no longer active in the directory; name who works there, or the new role.",
            "CareTeam.participant[0].member",
            _NAMED_PERSON,
        )


def _kept(before: Contact, after: Contact) -> Iterator[Violation]:
    """Who the contact is, of what kind and since when, does not change: another holder is another contact."""
    begun = before.status in HOLDING
    changes = {
        "participant[0].role": before.kind != after.kind,
        "participant[0].member": begun and before.holder != after.holder,
        "period.start": begun and before.start != after.start,
    }
    for element, changed in changes.items():
        if changed:
            yield Violation(
                "contact-changed-in-place",
                "A fixed contact keeps its kind, holder and start; appoint a new one with the reason, and "
                "this ends.",
                f"CareTeam.{element}",
                _KEPT,
            )
