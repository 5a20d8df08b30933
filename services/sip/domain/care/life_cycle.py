"""Life cycles as tables: which status may come first, and which may follow which."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from services.sip.domain.care.agreed_practice import agreed
from services.sip.domain.care.violation import Violation
from services.sip.domain.held import Resource


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """One life cycle: `begins` may come first, `steps` maps a status to all that may follow, itself included.

    A status that does not follow itself is final in its content too: what has it is not rewritten.
    """

    rule: str
    what: str
    where: str
    begins: frozenset[str]
    steps: Mapping[str, frozenset[str]]

    def broken_by(self, before: Resource | None, after: Resource) -> Iterator[Violation]:
        """Refuse a step that the table does not have."""
        element = self.where.rpartition(".")[2]
        new = after.get(element, "")
        if before is None:
            if new not in self.begins:
                yield self._refused(f"{self.what} cannot begin as {new or 'nothing'}", self.begins)
            return
        old = before.get(element, "")
        may_follow = self.steps.get(old, frozenset())
        if new in may_follow:
            return
        if new == old:
            yield self._refused(f"{self.what} is {old} and is not rewritten", may_follow)
        else:
            yield self._refused(f"{self.what} cannot go from {old} to {new or 'nothing'}", may_follow)

    def _refused(self, text: str, instead: frozenset[str]) -> Violation:
        advice = (
            f"possible here: {', '.join(sorted(instead))}" if instead else "nothing follows; write a new one"
        )
        return Violation(self.rule, f"{text}; {advice}.", self.where, agreed("life_cycles_kept"))
