"""Decides what a token says, and signs it: RFC 9068."""

import hmac
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey

from services.demo.authorization_server.clients import Client
from services.demo.authorization_server.refusal import TokenNotIssued

UNIT_CLAIM = "healthcareUnitHsaId"


@dataclass(frozen=True, slots=True)
class Issuer:
    """What tokens are issued with; `patient_of` gives the Patient id of a resident's client, once known."""

    name: str
    audience: str
    key: ECKey
    clients: Mapping[str, Client]
    secrets: Mapping[str, str]
    patient_of: Callable[[str], str | None]
    clock: Callable[[], float]

    def client(self, client_id: str, secret: str) -> Client:
        """Give the client, if that is its secret."""
        expected = self.secrets.get(client_id)
        client = self.clients.get(client_id)
        if not hmac.compare_digest((expected or "").encode(), secret.encode()) or not expected or not client:
            raise TokenNotIssued("invalid_client", "The client is unknown or its secret is wrong.", 401)
        return client

    def issue(self, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
        """Give the answer with the token that the form asks for."""
        if form.get("grant_type") != "client_credentials":
            error = "unsupported_grant_type" if "grant_type" in form else "invalid_request"
            raise TokenNotIssued(error, "The grant_type must be client_credentials.")
        if form.get("resource", self.audience) != self.audience:
            raise TokenNotIssued("invalid_target", f"Tokens are made out to {self.audience} alone.")
        scope = _scope(client, form)
        claims = {**client.claims, **_unit(client, form), **self._patient(client)}
        now = int(self.clock())
        token = {
            **claims,
            "iss": self.name,
            "aud": self.audience,
            "sub": client.subject,
            "client_id": client.client_id,
            "jti": uuid.uuid4().hex,
            "iat": now,
            "exp": now + client.lifetime,
            "scope": scope,
        }
        header = {"alg": "ES256", "typ": "at+jwt", "kid": self.key.kid}
        answer = {
            "access_token": jwt.encode(header, token, self.key, algorithms=["ES256"]),
            "token_type": "Bearer",
            "expires_in": client.lifetime,
            "scope": scope,
        }
        return answer | ({"patient": claims["patient"]} if "patient" in claims else {})

    def _patient(self, client: Client) -> dict[str, str]:
        if not client.resident:
            return {}
        if patient := self.patient_of(client.client_id):
            return {"patient": patient}
        text = "This resident is not in the record yet: the county is still being loaded."
        raise TokenNotIssued("temporarily_unavailable", text, 503)


def _scope(client: Client, form: Mapping[str, str]) -> str:
    asked = form.get("scope", "").split()
    for scope in asked:
        if not client.may_have(scope):
            raise TokenNotIssued("invalid_scope", f"{client.client_id} may not have the scope {scope[:100]}.")
    return " ".join(asked or client.scopes)


def _unit(client: Client, form: Mapping[str, str]) -> dict[str, str]:
    """Let a care giver's own system name the unit that it acts for."""
    if (unit := form.get("unit")) is None:
        return {}
    if unit not in client.units:
        raise TokenNotIssued("invalid_request", f"{client.client_id} may not act for the unit {unit[:100]}.")
    return {UNIT_CLAIM: unit}
