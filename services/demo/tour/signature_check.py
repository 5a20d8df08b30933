"""A receiver's check of a webhook's signature, written from the specification alone.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, version 1.0.0.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Final

TOLERANCE: Final = 300.0  # seconds a message may be old, or ahead of our clock
PREFIX: Final = "whsec_"


def fault_of(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> str | None:
    """Say what is wrong with a signed message; None when it is whole, fresh and from who knows the secret."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not message_id or not (timestamp.isascii() and timestamp.isdigit()):
        return "webhook-id or webhook-timestamp is missing"
    if abs(now - int(timestamp)) > TOLERANCE:
        return "it is too old, or from the future"
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        return "the secret cannot be read"
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    given = [one.split(",", 1) for one in headers.get("webhook-signature", "").split()]
    if any(
        len(one) == 2 and one[0] == "v1" and hmac.compare_digest(one[1].encode(), expected) for one in given
    ):
        return None
    return "no signature matches"
