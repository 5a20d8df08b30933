"""Search parameters of Subscription: known ones are understood, others refused unless the client is lenient."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request

from services.chassis.request_body import media_type, read_body
from services.notify.domain.errors import ParameterRefused
from services.notify.domain.subscription import Status
from services.notify.fhir.asking import LARGEST, MediaNotSupported, whole_number
from services.notify.use_cases.ports import Page

SEARCHED: Final = ("_id", "status", "url")
PRESENTED: Final = frozenset({"_format", "_pretty"})
PLAIN_NAME: Final = re.compile(r"[a-z_-]{1,64}")
PLACE: Final = re.compile(r"[0-9a-f-]{1,64}")
FORM: Final = "application/x-www-form-urlencoded"
MOST: Final = 200
MOST_VALUES: Final = 100


@dataclass(frozen=True, slots=True)
class Search:
    """What was asked: values by parameter, and which page."""

    wanted: Mapping[str, frozenset[str]]
    page: Page

    def query(self, after: str | None) -> str:
        """Write it as a query string, from another place on."""
        values = [(name, ",".join(sorted(some))) for name, some in self.wanted.items()]
        place = [("_after", after)] if after else []
        return urlencode([*values, ("_count", str(self.page.count)), *place])


async def search_in(request: Request) -> Search:
    """Read the search from the query, and for POST from the form."""
    pairs = list(request.query_params.multi_items())
    if request.method == "POST":
        if media_type(request) != FORM:
            raise MediaNotSupported(415, f"Send {FORM}.")
        form = (await read_body(request, LARGEST)).decode("ascii", "replace")
        pairs += parse_qsl(form, keep_blank_values=True, errors="replace")
    lenient = "handling=lenient" in request.headers.get("prefer", "").replace(" ", "")
    return read_search(pairs, lenient=lenient)


def read_search(pairs: Iterable[tuple[str, str]], *, lenient: bool) -> Search:
    """Understand the parameters; the same one twice means both, values with commas any of them."""
    wanted: dict[str, frozenset[str]] = {}
    count, after = 50, None
    for name, value in pairs:
        if name in SEARCHED:
            values = frozenset(value.split(","))
            wanted[name] = values & wanted.get(name, values)
            _check(name, values)
        elif name == "_count":
            count = min(whole_number(value, name, 1), MOST)
        elif name == "_after":
            after = value
        elif name not in PRESENTED and not (lenient and PLAIN_NAME.fullmatch(name)):
            raise ParameterRefused(
                name[:80], f"Subscription is searched by {', '.join(SEARCHED)}; leave this out."
            )
    if after is not None and not PLACE.fullmatch(after):
        raise ParameterRefused("_after", "_after must be taken from the next link of an earlier answer.")
    return Search(wanted, Page(count, after))


def _check(name: str, values: frozenset[str]) -> None:
    if len(values) > MOST_VALUES or "" in values:
        raise ParameterRefused(name, f"{name} takes 1 to {MOST_VALUES} values, separated by commas.")
    if name == "status" and not values <= {status.value for status in Status}:
        raise ParameterRefused(name, f"status is one of {', '.join(Status)}.")
