"""Settings that both services have; each adds its own and its prefix."""

from typing import Literal

from pydantic import BaseModel, Field, PositiveInt
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    """Read once, by a service's main; a missing value stops the start with its name.

    The line under each setting is what --help says of it.
    """

    model_config = SettingsConfigDict(use_attribute_docstrings=True)

    mongo_url: str
    """A MongoDB replica set: mongodb://host/?replicaSet=name."""
    public_base: str
    """The public address of both services; tokens are made out to it."""
    issuers: list[IssuerSetting]
    """Who may issue access tokens, as JSON: [{"issuer": "https://…", "jwks_uri": "https://…"}]."""
    token_url: str
    """Where this service gets its own token,"""
    client_id: str
    """as whom,"""
    client_secret: str
    """and with which secret."""
    host: str = "127.0.0.1"
    """Where to listen,"""
    port: PositiveInt
    """and on which port."""
    log_level: str = "INFO"
    """How much to log."""
