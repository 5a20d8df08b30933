"""What an operation is given: query parameters, or a Parameters resource, read as names and texts."""

from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from services.chassis.outcome import Told
from services.sip.domain.errors import BadRequest
from services.sip.fhir.body import bytes_of, parsed


class Given:
    """The inputs of one operation; a name that the operation does not have is refused."""

    def __init__(self, texts: dict[str, str], resource: Any = None) -> None:
        """Take simple inputs by name, and the resource that was sent."""
        self.texts, self.resource = texts, resource

    def only(self, *names: str) -> None:
        """Raise BadRequest naming the input that is not one of these."""
        for name in self.texts:
            if name not in {*names, "_format"}:
                text = f"{name:.60} is no input of this operation; it takes {', '.join(names) or 'none'}."
                raise BadRequest(Told("not-supported", text, f"http.{name:.60}"))


async def given_in(request: Request) -> Given:
    """Read the query, and the body of a POST: a Parameters resource, or the resource itself; raises BadRequest."""
    texts = dict(parse_qsl(request.url.query, keep_blank_values=True, max_num_fields=50))
    if request.method != "POST":
        return Given(texts)
    raw = await bytes_of(request)
    body = parsed(raw) if raw else None
    if not isinstance(body, dict) or body.get("resourceType") != "Parameters":
        return Given(texts, body)
    listed = body.get("parameter", [])
    if not isinstance(listed, list):
        raise BadRequest(Told("structure", "parameter is a list.", "Parameters.parameter"))
    resource = None
    for number, one in enumerate(listed):
        name, value = _input(one, f"Parameters.parameter[{number}]")
        if "resource" in one:
            resource = one["resource"]
        elif isinstance(value, dict):
            texts |= {key: str(value[key]) for key in ("system", "code", "version") if key in value}
        else:
            texts[name] = str(value)
    return Given(texts, resource)


def _input(one: Any, where: str) -> tuple[str, Any]:
    if not isinstance(one, dict) or not isinstance(one.get("name"), str):
        raise BadRequest(Told("structure", "Every parameter has a name.", where))
    return one["name"], next((value for key, value in one.items() if key.startswith("value")), "")
