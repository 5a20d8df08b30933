"""Settings that both services have; each adds its own and its prefix."""

from typing import Literal

from pydantic import BaseModel, Field, PositiveInt
from pydantic_settings import BaseSettings

from services.chassis.principal import ClaimNames
from services.chassis.tokens import TrustedIssuer


class IssuerSetting(BaseModel):
    """One trusted issuer of access tokens, as configured.

    `excused` loosens what RFC 9068 demands of its tokens; `clients` are the units (HSA-ids) that a client may act for.
    """

    issuer: str
    jwks_uri: str
    claims: dict[str, str] = Field(default_factory=dict)
    excused: frozenset[Literal["typ", "client_id", "jti"]] = frozenset()
    clients: dict[str, frozenset[str]] = Field(default_factory=dict)

    def trusted(self) -> TrustedIssuer:
        """Give it in the form the verifier takes."""
        claims = ClaimNames(**self.claims)
        return TrustedIssuer(self.issuer, self.jwks_uri, claims, self.excused, self.clients)


class ServiceSettings(BaseSettings):
    """Read once, by a service's main; a missing value stops the start with its name."""

    mongo_url: str
    public_base: str
    issuers: list[IssuerSetting]
    token_url: str
    client_id: str
    client_secret: str
    host: str = "127.0.0.1"
    port: PositiveInt
    log_level: str = "INFO"
