"""What rules may look at besides the resource itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from services.sip.domain.care.agreed_practice import AgreedPractice
from services.sip.domain.held import Resource


@dataclass(frozen=True, slots=True)
class CareContext:
    """The person's record and the directory, both keyed by `Type/id`, at one time (aware UTC).

    `person` holds every current resource of the record, this transaction's own writes laid over it;
    `directory` every staff member, role and organization those refer to, care givers above units included.
    `actor_unit` and `actor_giver` are the HSA-ids of the writing unit and its care giver; None means that who writes is
    not looked at.
    """

    now: datetime
    person: Mapping[str, Resource]
    directory: Mapping[str, Resource]
    agreed: AgreedPractice = field(default_factory=AgreedPractice)
    actor_unit: str | None = None
    actor_giver: str | None = None

    def key_of(self, resource: Resource) -> str:
        """Give `Type/id`; what is being created may know its id by its place in the record alone."""
        if "id" in resource:
            return f"{resource['resourceType']}/{resource['id']}"
        return next((key for key, held in self.person.items() if held is resource), "")
