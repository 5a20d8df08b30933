"""Notices about a stay in hospital (lag (2017:612)): who may give them, and that they say when and to whom.

They reach whom they are addressed to without consent; so nobody but a hospital may write one.
"""

from collections.abc import Iterator

from services.sip.domain.care.context import CareContext
from services.sip.domain.care.parties import unit_behind
from services.sip.domain.care.reading import has_code, target
from services.sip.domain.care.violation import Violation
from services.sip.domain.codes import DISCHARGE_NOTICES, HOSPITAL
from services.sip.domain.held import Resource
from services.sip.domain.place import hsa_id_of

_LAW = "lag (2017:612) 2 kap. 1 §"


def is_notice(communication: Resource) -> bool:
    """Tell whether a Communication is a notice about a stay in hospital."""
    return any(has_code(communication.get("category"), code) for code in DISCHARGE_NOTICES)


def notice_rules(before: Resource | None, after: Resource, context: CareContext) -> Iterator[Violation]:
    """Judge one new version of a notice; any other Communication is stored as it is."""
    if not is_notice(after):
        return
    unit = unit_behind(target(after.get("sender")), context)
    hospital = context.directory.get(unit or "", {})
    own = context.actor_unit in {None, hsa_id_of(hospital) if hospital else None}
    if not has_code(hospital.get("type"), HOSPITAL) or not own:
        yield Violation(
            "discharge-notice-sender",
            "A notice about a stay in hospital is given by the hospital's own unit; name a PractitionerRole of "
            "the writing unit, of kind hospital, as sender.",
            "Communication.sender",
            _LAW,
        )
    for name in ("sent", "recipient"):
        if not after.get(name):
            yield Violation(
                "discharge-notice-incomplete",
                f"Deadlines are counted from a notice; state {name}.",
                f"Communication.{name}",
                _LAW,
            )
    if before is not None and not is_notice(before):
        yield Violation(
            "discharge-notice-new",
            "What was written as another message does not become a notice; write the notice anew.",
            "Communication.category",
            _LAW,
        )
