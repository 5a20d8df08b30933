"""Reads a Subscription's channel: where notifications go, and what is refused there."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.notify.domain.endpoints import EndpointRefused, EndpointRule, read_endpoint
from services.notify.domain.findings import Findings
from services.notify.domain.subscription import BACKPORT, Content

PATH: Final = "Subscription.channel"
FHIR_JSON: Final = "application/fhir+json"
KNOWN: Final = frozenset({"id", "extension", "type", "endpoint", "payload", "_payload", "header"})
CONTENTS: Final = "It is empty, id-only (the ids of what changed) or full-resource (over https)."

HEADER: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}): ?([ !-~]{1,1000})")
MOST_HEADERS: Final = 10
OUR_HEADERS: Final = frozenset(
    {
        *("accept", "connection", "content-encoding", "content-length", "content-type", "expect", "host"),
        *("keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "user-agent"),
        *("webhook-id", "webhook-signature", "webhook-timestamp"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOrder:
    """Where and how notifications are sent; None for what could not be read and has been refused."""

    endpoint: str | None
    headers: tuple[tuple[str, str], ...]
    content: Content | None
    timeout: float | None
    heartbeat: int | None
    most_at_once: int


def read_channel(
    value: object, rules: Iterable[EndpointRule], findings: Findings, *, native: bool = False
) -> ChannelOrder | None:
    """Read the channel, noting everything that is wrong; None when there is nothing to read.

    To R4's own criteria `payload` alone says whether the resource is sent.
    """
    if not isinstance(value, dict):
        findings.refuse("required", "channel is missing.", PATH)
        return None
    if "_type" in value:
        findings.refuse(
            "not-supported", "Custom channel types are not supported; use rest-hook.", f"{PATH}.type"
        )
    findings.only({name: 0 for name in value if name != "_type"}, KNOWN, PATH)
    if value.get("type") != "rest-hook":
        findings.refuse("not-supported", "The channel type must be rest-hook.", f"{PATH}.type")
    extensions = findings.objects(value, "extension", PATH)
    content = _native_content(value, extensions, findings) if native else _content(value, findings)
    endpoint = _endpoint(value, rules, findings)
    if content is Content.FULL and endpoint and not endpoint.lower().startswith("https://"):
        findings.refuse(
            "security", "Whole resources are sent to an https endpoint alone.", f"{PATH}.endpoint"
        )
    return ChannelOrder(
        endpoint=endpoint,
        headers=_headers(value.get("header", []), findings),
        content=content,
        timeout=_number(extensions, "timeout", "valueUnsignedInt", findings),
        heartbeat=_number(extensions, "heartbeat-period", "valueUnsignedInt", findings),
        most_at_once=_number(extensions, "max-count", "valuePositiveInt", findings) or 1,
    )


def _endpoint(channel: Mapping[str, Any], rules: Iterable[EndpointRule], findings: Findings) -> str | None:
    url = findings.required_text(channel, "endpoint", PATH)
    if url is None:
        return None
    try:
        read_endpoint(url, rules)
    except EndpointRefused as refused:
        findings.refuse("value", f"This endpoint cannot be used. {refused}", f"{PATH}.endpoint")
        return None
    return url


def _headers(value: object, findings: Findings) -> tuple[tuple[str, str], ...]:
    lines = value if isinstance(value, list) else [None]
    read = [HEADER.fullmatch(line) if isinstance(line, str) else None for line in lines]
    headers = tuple((one[1], one[2]) for one in read if one)
    if len(headers) != len(lines) or len(lines) > MOST_HEADERS:
        text = f"header takes up to {MOST_HEADERS} lines, each written as Name: value."
        findings.refuse("value", text, f"{PATH}.header")
    for name, _ in headers:
        if name.lower() in OUR_HEADERS or name.lower().startswith("proxy-"):
            findings.refuse("not-supported", f"The header {name} is set by this service.", f"{PATH}.header")
    return headers


def _content(channel: Mapping[str, Any], findings: Findings) -> Content | None:
    path = f"{PATH}.payload"
    if channel.get("payload") != FHIR_JSON:
        findings.refuse("not-supported", f"The payload must be {FHIR_JSON}.", path)
    beside = channel.get("_payload")
    extensions = findings.objects(beside if isinstance(beside, dict) else {}, "extension", path)
    asked = findings.extension(extensions, f"{BACKPORT}backport-payload-content", "valueCode", path)
    if asked is None:
        text = f"{BACKPORT}backport-payload-content must say how much to send. {CONTENTS}"
        findings.refuse("required", text, f"{path}.extension")
        return None
    try:
        return Content(asked)
    except ValueError:
        findings.refuse("not-supported", f"Such a payload is not sent. {CONTENTS}", f"{path}.extension")
        return None


def _native_content(
    channel: Mapping[str, Any], extensions: list[Mapping[str, Any]], findings: Findings
) -> Content | None:
    """In R4's own way a payload type asks for the resource, and none for an empty request."""
    if "_payload" in channel or any(str(one.get("url")).startswith(BACKPORT) for one in extensions):
        text = "Extensions of the Backport belong to topics; use one as criteria, or leave them out."
        findings.refuse("not-supported", text, f"{PATH}.extension")
    if "payload" not in channel:
        return Content.EMPTY
    if channel["payload"] not in {FHIR_JSON, "application/json"}:
        findings.refuse("not-supported", f"The payload must be {FHIR_JSON}, or left out.", f"{PATH}.payload")
        return None
    return Content.FULL


def _number(
    extensions: list[Mapping[str, Any]], name: str, value_name: str, findings: Findings
) -> int | None:
    value = findings.extension(extensions, f"{BACKPORT}backport-{name}", value_name, PATH)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**31:
        findings.refuse("value", f"backport-{name} must be a whole number above 0.", f"{PATH}.extension")
        return None
    return value
