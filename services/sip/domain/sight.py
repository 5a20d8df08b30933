"""What a caller may see, as every query carries it: whom `readers` must name, and within what the scopes stay.

A SMART scope with a query (`system/CarePlan.rs?category=…`) grants what the query finds and nothing else:
https://hl7.org/fhir/smart-app-launch/scopes-and-launch-context.html#finer-grained-resource-constraints-using-search-parameters
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from services.sip.domain.held import Resource
from services.sip.domain.search_entries import entries_of
from services.sip.domain.search_match import Findable, matches
from services.sip.domain.search_query import Condition, IdCondition

NOTHING: Final = IdCondition(())
"""What no resource meets: a scope whose query cannot be read grants nothing."""


@dataclass(frozen=True, slots=True)
class Sight:
    """Whom `readers` must name (None: what any valid token may read), and by type what else must hold."""

    reader: str | None = None
    within: tuple[tuple[str, Condition], ...] = ()
    viewer: str | None = None
    """Who looks, whatever `reader` asks for: the unit, or the person."""
    whole: bool = False
    """Whether the viewer sees protected addresses that another unit wrote."""

    def sees_whole(self, own_unit: str | None, person: str | None) -> bool:
        """Tell whether what is masked is shown: to the unit that wrote it, the person, and whose token says so."""
        return self.whole or (self.viewer is not None and self.viewer in {own_unit, person})

    def narrows(self, kind: str) -> bool:
        """Tell whether the scopes let less than the whole type be seen."""
        return any(kind == one for one, _ in self.within)

    def covers(self, resource: Resource, at: datetime) -> bool:
        """Judge one resource, with the time of its last change, by the scopes' queries alone."""
        if not self.within:
            return True
        kind = resource["resourceType"]
        found = Findable(str(resource.get("id", "")), at, entries_of(resource))
        return all(matches(inner, found) for one, inner in self.within if one == kind)


MASKING: Final = Sight()
"""Nobody's in particular: what is masked stays so."""


def joined(sights: Iterable[Sight]) -> Sight:
    """Join the sights of several types that have the same reader."""
    every = list(sights)
    return replace(every[0], within=tuple(one for sight in every for one in sight.within))
