"""What a rule answers when it is broken."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule: a stable code, what is wrong and what to do, the FHIRPath, and what it rests on.

    `basis` names a paragraph ("HSL 16 kap. 4 §") or "agreed practice: setting <name of the setting>".
    """

    rule: str
    text: str
    where: str
    basis: str
