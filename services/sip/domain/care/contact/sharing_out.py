"""Who takes over whom when somebody leaves: those named go where they are named, the rest by shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Successor:
    """Somebody who takes over (an employee at a unit, HSA-ids): a share of the rest, and persons named."""

    employee: str
    unit: str
    share: int = 1
    persons: frozenset[str] = field(default_factory=frozenset)


def shared_out(persons: Sequence[str], successors: Sequence[Successor]) -> Mapping[str, Successor]:
    """Give each person's successor: the same for the same persons and successors, whoever asks and when.

    Person by person to whoever is furthest behind the share, so that any two numbers differ by less than one person
    from what the shares say.
    """
    chosen = {person: one for one in successors for person in persons if person in one.persons}
    sharing = [one for one in successors if one.share > 0]
    given = dict.fromkeys(range(len(sharing)), 0)
    for person in sorted(set(persons) - chosen.keys()):
        if not sharing:
            break
        behind = min(given, key=lambda at: ((given[at] + 1) / sharing[at].share, at))
        given[behind] += 1
        chosen[person] = sharing[behind]
    return chosen
