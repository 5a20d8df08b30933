"""Who asks, and whether they may: the steps before every FHIR route, and what is answered when one fails."""

import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from services.chassis.outcome import Told
from services.chassis.request_body import BodyTooLarge, media_type, read_body
from services.chassis.scopes import Interaction, allows, without_patient_level
from services.chassis.strict_json import UnreadableJson, read_json
from services.chassis.tokens import KeysNotReachable, TokenRefused
from services.notify.domain.errors import CallerNotAllowed, NotifyError, ParameterRefused, VersionNotNamed
from services.notify.domain.subscription import Owner
from services.notify.fhir.answers import refusal, refusal_of

Handler = Callable[[Request, Owner], Awaitable[Response]]

LARGEST: Final = 64 * 1024
READABLE: Final = frozenset({"application/fhir+json", "application/json", "text/json", ""})
SPOKEN: Final = ("application/fhir+json", "application/json", "text/json", "application/*", "*/*")
JSON_FORMATS: Final = frozenset({"json", "application/json", "application/fhir+json", "text/json"})
E_TAG: Final = re.compile(r'(?:W/)?"([0-9]{1,9})"')


class MediaNotSupported(Exception):
    """What was sent, or asked for, is not JSON; `status` is 415 or 406."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def asking(interaction: Interaction, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """Wrap a handler: token, scope, and every failure told as an OperationOutcome."""

    async def route(request: Request) -> Response:
        try:
            check_format(request)
            return await handler(request, await owner_of(request, interaction))
        except NotifyError as error:
            return refusal_of(error)
        except TokenRefused as refused:
            challenge = f'Bearer error="{refused.error}"' if refused.error else "Bearer"
            return refusal(401, [Told("login", refused.description)], {"WWW-Authenticate": challenge})
        except KeysNotReachable:
            text = "The token cannot be checked at the moment: its issuer is out of reach."
            return refusal(503, [Told("transient", text)], {"Retry-After": "5"})
        except (MediaNotSupported, BodyTooLarge, UnreadableJson) as refused:
            return _unread(refused)

    return route


def _unread(refused: Exception) -> Response:
    """Say why the body was not taken, or no answer can be given in what was asked for."""
    if isinstance(refused, MediaNotSupported):
        return refusal(refused.status, [Told("not-supported", str(refused))])
    status, code = (413, "too-long") if isinstance(refused, BodyTooLarge) else (400, "structure")
    return refusal(status, [Told(code, str(refused))])


async def owner_of(request: Request, interaction: Interaction) -> Owner:
    """Give whose subscriptions the caller acts on: its unit's, made through the same client."""
    caller = await request.app.state.verifier.verify(request)
    if not allows(without_patient_level(caller.scopes), "Subscription", interaction):
        raise CallerNotAllowed(f"The token must grant Subscription.{interaction}.")
    if caller.unit is None:
        raise CallerNotAllowed("The token must name the caller's unit: subscriptions belong to units.")
    request.state.reads = partial(_reads, caller.scopes)
    return Owner(caller.unit, caller.client_id, caller.giver)


def _reads(scopes: tuple[str, ...], kind: str) -> bool:
    """A right to one patient's data is none to be told of everybody's."""
    return allows(without_patient_level(scopes), kind, "r")


def check_format(request: Request) -> None:
    """Refuse to answer in anything but JSON."""
    wanted = request.query_params.get("_format")
    accepted = [
        part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "*/*").split(",")
    ]
    if wanted is not None and wanted.partition(";")[0].strip().lower() not in JSON_FORMATS:
        raise MediaNotSupported(406, "Answers are JSON: _format=json.")
    if wanted is None and not any(one in SPOKEN for one in accepted):
        raise MediaNotSupported(406, "Answers are application/fhir+json.")


async def resource_in(request: Request) -> object:
    """Read the body strictly."""
    if media_type(request) not in READABLE:
        raise MediaNotSupported(415, "Send application/fhir+json.")
    return read_json(await read_body(request, LARGEST))


def named_version(request: Request) -> int | None:
    """Read If-Match; None without it, VersionNotNamed when it cannot be read."""
    text = request.headers.get("if-match")
    if text is None:
        return None
    read = E_TAG.fullmatch(text.strip())
    if read is None:
        raise VersionNotNamed('If-Match is written as W/"3", as the ETag of an earlier answer.')
    return int(read[1])


def whole_number(text: str, name: str, least: int) -> int:
    """Read a parameter that is a whole number."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) >= least):
        raise ParameterRefused(name, f"{name} must be a whole number from {least} on.")
    return int(text)
