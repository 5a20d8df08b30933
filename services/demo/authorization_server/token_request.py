"""Reads a token request: its form, and the client's id and secret in header or form (RFC 6749, 2.3)."""

import base64
import binascii
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote_plus

from starlette.requests import Request

from services.demo.authorization_server.refusal import TokenNotIssued

MOST_BYTES: Final = 16 * 1024
FORM: Final = "application/x-www-form-urlencoded"


async def read_form(request: Request) -> dict[str, str]:
    """Read the form; a parameter may stand once, and an empty one counts as absent."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise TokenNotIssued("invalid_request", f"Send the parameters as {FORM}.")
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            raise TokenNotIssued("invalid_request", f"The request is longer than {MOST_BYTES} bytes.", 413)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=50, errors="strict")
    except ValueError:
        raise TokenNotIssued("invalid_request", "The form cannot be read.") from None
    form = dict(pairs)
    if len(form) < len(pairs):
        raise TokenNotIssued("invalid_request", "A parameter stands more than once.")
    return {name: value for name, value in form.items() if value}


def client_credentials(authorization: str | None, form: Mapping[str, str]) -> tuple[str, str]:
    """Give the client's id and secret, sent in one way only; TokenNotIssued when there are none."""
    if authorization is None:
        if "client_id" in form and "client_secret" in form:
            return form["client_id"], form["client_secret"]
        raise TokenNotIssued(
            "invalid_client", "Send client_id and client_secret, by Basic or in the form.", 401
        )
    if "client_secret" in form:
        raise TokenNotIssued("invalid_request", "Send the client's secret in one way, not in two.")
    kind, _, encoded = authorization.partition(" ")
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        decoded = ""
    client_id, colon, secret = decoded.partition(":")
    if kind.lower() != "basic" or not colon:
        raise TokenNotIssued("invalid_client", "The Authorization header must be: Basic <id:secret>.", 401)
    return unquote_plus(client_id), unquote_plus(secret)
