"""Reading what was sent: media type, size, strict JSON, the right type of resource."""

from typing import Any, Final

from starlette.requests import Request

from services.chassis.outcome import Told
from services.chassis.strict_json import UnreadableJson, read_json
from services.sip.domain.errors import BadRequest, UnsupportedMedia
from services.sip.domain.exact_json import exact
from services.sip.domain.held import Resource

LARGEST: Final = 1 << 20
READABLE: Final = frozenset({"application/fhir+json", "application/json", "text/json", ""})


def media_type_of(request: Request) -> str:
    """Give the media type of the body, without its parameters."""
    return request.headers.get("content-type", "").split(";")[0].strip().lower()


async def bytes_of(request: Request, readable: frozenset[str] = READABLE) -> bytes:
    """Read the body, but never more than the limit; raises BadRequest, UnsupportedMedia."""
    media = media_type_of(request)
    if media not in readable:
        wanted = " or ".join(sorted(one for one in readable if one.startswith("application/")))
        raise UnsupportedMedia(
            Told("not-supported", f"Send {wanted}; {media[:80] or 'nothing named'} is not understood.")
        )
    length = request.headers.get("content-length", "")
    body = bytearray()
    if not (length.isascii() and length.isdigit() and int(length[:12]) > LARGEST):
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                break
        else:
            return bytes(body)
    raise BadRequest(
        Told("too-long", f"The body is larger than the {LARGEST} bytes that are read: send less.")
    )


async def resource_in(request: Request, kind: str) -> tuple[Resource, Resource]:
    """Give the resource with decimals as written, and plain; raises BadRequest when it is no such resource."""
    raw = await bytes_of(request)
    plain = parsed(raw)
    if not isinstance(plain, dict) or plain.get("resourceType") != kind:
        found = plain.get("resourceType") if isinstance(plain, dict) else None
        text = f"The body must be a JSON object with resourceType {kind}" + (
            f", not {found!s:.40}." if found else "."
        )
        raise BadRequest(Told("structure", text, kind))
    return exact(raw, plain), plain


def parsed(raw: bytes) -> Any:
    """Parse strictly; raises BadRequest saying what is wrong and where."""
    try:
        return read_json(raw)
    except UnreadableJson as unreadable:
        raise BadRequest(Told("structure", str(unreadable))) from None
