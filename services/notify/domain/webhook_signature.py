"""The signature of a webhook (https://www.standardwebhooks.com, 1.0.0): HMAC-SHA256 of id, time and body."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Secret:
    """A signing key; `until` is set on one that has been replaced and still signs for a while."""

    key: bytes
    until: datetime | None = None

    def spoken(self) -> str:
        """Write it as receivers enter it."""
        return PREFIX + base64.b64encode(self.key).decode()


def new_secret() -> Secret:
    """Make a secret that nobody can guess."""
    return Secret(secrets.token_bytes(SECRET_BYTES))


def still_signing(held: Iterable[Secret], now: datetime) -> tuple[Secret, ...]:
    """Leave out the replaced secrets whose time is over."""
    return tuple(secret for secret in held if secret.until is None or secret.until > now)


def signature_headers(webhook_id: str, at: datetime, body: bytes, held: Iterable[Secret]) -> dict[str, str]:
    """Give the three headers; one signature for each secret, so that a receiver may change over in peace."""
    timestamp = str(int(at.timestamp()))
    content = f"{webhook_id}.{timestamp}.".encode() + body
    signed = (base64.b64encode(hmac.digest(secret.key, content, hashlib.sha256)) for secret in held)
    signatures = " ".join(f"v1,{one.decode()}" for one in signed)
    return {"webhook-id": webhook_id, "webhook-timestamp": timestamp, "webhook-signature": signatures}
