"""What a caller wants written, made ready: ids given, references between the drafts resolved."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.chassis.outcome import Told
from services.chassis.scopes import Interaction
from services.sip.domain.care import AgreedPractice
from services.sip.domain.errors import BadRequest, ShapeBroken
from services.sip.domain.held import FOREVER, Resource
from services.sip.domain.identity import identities_of
from services.sip.domain.references import make_local
from services.sip.domain.search_query import SearchQuery
from services.sip.use_cases.ports import Stored


@dataclass(frozen=True, slots=True)
class Policy:
    """What is the same for every request: our FHIR base address, agreed practice, where ids come from."""

    base: str
    new_id: Callable[[], str]
    agreed: AgreedPractice = field(default_factory=AgreedPractice)


@dataclass(frozen=True, slots=True)
class Draft:
    """One write.

    `resource` is what will be stored, `plain` the same for the shape check; `replaces` is the version that
    If-Match named (None creates); `where` leads error texts to the place in the request. `only_if` are criteria:
    they must find nothing for a create, and find what an update (`puts`) or a deletion is about; `refers` are the
    criteria by which references name what they mean. `only_tried` is judged like any other, and never stored.
    """

    type: str
    resource: Resource
    plain: Resource
    id: str | None = None
    replaces: int | None = None
    full_url: str | None = None
    where: str = ""
    deletes: bool = False
    puts: bool = False
    only_if: SearchQuery | None = None
    refers: Mapping[str, SearchQuery] = field(default_factory=dict)
    only_tried: bool = False

    @property
    def key(self) -> str:
        """Give `Type/id`; only once an id was given."""
        return f"{self.type}/{self.id}"

    @property
    def creates(self) -> bool:
        """Tell whether this is a new resource."""
        return self.replaces is None and not self.deletes

    @property
    def interaction(self) -> Interaction:
        """Give the letter of the SMART scope that covers it."""
        if self.deletes:
            return "d"
        return "c" if self.creates and not self.puts else "u"


class WouldBeStored(Exception):
    """Everything was asked, and nothing stands in the way."""


@dataclass(frozen=True, slots=True)
class Written:
    """What came of one draft; `existing` when it was there already and nothing was written."""

    stored: Stored
    created: bool
    existing: bool = False


NOTHING_THERE = Written(Stored("", 0, FOREVER, b"", deleted=True), created=False, existing=True)
"""A deletion by criteria that found nothing."""


def made_ready(
    drafts: Sequence[Draft],
    known: Mapping[str, Stored],
    policy: Policy,
    matched: Mapping[int, Stored] | None = None,
) -> tuple[list[Draft], dict[int, Stored]]:
    """Give ids, rewrite references to `Type/id`, and tell which drafts (by position) are registered already.

    `known` holds existing Patients by personal number, `matched` what a condition found instead.
    Raises ShapeBroken for a urn: that leads nowhere.
    """
    existing = {position: found for position, draft in enumerate(drafts) if (found := _known(draft, known))}
    there = {**existing, **(matched or {})}
    ready = [draft if draft.id else replace(draft, id=policy.new_id()) for draft in drafts]
    for draft in ready:
        draft.resource["id"] = draft.id
    given: dict[str, str] = {}
    for position, draft in enumerate(ready):
        if not draft.full_url:
            continue
        if draft.full_url in given:
            raise BadRequest(Told("invalid", f"Two entries have the fullUrl {draft.full_url}.", draft.where))
        given[draft.full_url] = there[position].key if position in there else draft.key
    for draft in ready:
        if lost := make_local(draft.resource, given, policy.base):
            text = f"No entry of the Bundle has the fullUrl {lost[0]}; a reference to it leads nowhere."
            raise ShapeBroken(Told("not-found", text, draft.where or draft.type))
    return ready, existing


def _known(draft: Draft, known: Mapping[str, Stored]) -> Stored | None:
    if not draft.creates:
        return None
    return next((known[one] for one in identities_of(draft.plain) if one in known), None)
