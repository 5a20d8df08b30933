"""Access tokens (RFC 9068): checked with joserfc under authlib's resource protector."""

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import orjson
from authlib.oauth2.rfc6749 import ResourceProtector
from authlib.oauth2.rfc6749.errors import MissingAuthorizationError, UnsupportedTokenTypeError
from authlib.oauth2.rfc6750 import BearerTokenValidator
from joserfc import jwt
from joserfc.errors import JoseError

from services.chassis.issuer_keys import IssuerKeys
from services.chassis.principal import ClaimNames, Principal, principal_from
from services.chassis.rate_limit import RateLimit

ALGORITHMS: Final = ("ES256", "ES384", "PS256", "RS256", "RS384")
TYPES: Final = ("at+jwt", "application/at+jwt")
UNTYPED: Final = (*TYPES, "JWT", None)
"""What an issuer that is excused from `typ` writes instead."""
LEEWAY: Final = 30  # seconds of clock difference that are forgiven
LONGEST_TOKEN: Final = 8192
MOST_CACHED: Final = 10_000


class TokenRefused(Exception):
    """The token does not hold; `error` is RFC 6750's code ("" when there was no token), the text says why."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


class KeysNotReachable(Exception):
    """No key of this issuer could be fetched yet: the caller may try again."""


@dataclass(frozen=True, slots=True)
class TrustedIssuer:
    """One issuer whose tokens count: its name, where its keys are, how it names claims.

    `excused` names what it need not state of what RFC 9068 demands: "typ", "client_id", "jti"; `units` are the HSA-ids
    that a registered client may act for, and a client that is not among them is not limited so.
    """

    issuer: str
    jwks_uri: str
    claims: ClaimNames = field(default_factory=ClaimNames)
    excused: frozenset[str] = frozenset()
    units: Mapping[str, frozenset[str]] = field(default_factory=dict)


class HasHeaders(Protocol):
    """A request as far as a token is concerned."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The request's header fields, looked up without regard to case."""


class TokenVerifier(ResourceProtector):
    """Turns a request's bearer token into a Principal, or refuses it saying why."""

    def __init__(
        self,
        issuers: Sequence[TrustedIssuer],
        audience: str,
        *,
        clock: Callable[[], float],
        monotonic: Callable[[], float],
        limit: RateLimit | None = None,
    ) -> None:
        """Take the trusted issuers, our own public base, two clocks in seconds, and how often a client may ask."""
        super().__init__()
        self.register_token_validator(BearerTokenValidator())
        self._audience = audience
        self._clock = clock
        self._limit = limit
        self._issuers = {one.issuer: (one, IssuerKeys(one.jwks_uri, monotonic)) for one in issuers}
        self._verified: dict[bytes, tuple[Principal, float]] = {}

    async def fetch_keys(self) -> bool:
        """Fetch keys that are missing; true when every issuer has some."""
        for _, keys in self._issuers.values():
            if not keys.ready:
                await keys.fetch()
        return all(keys.ready for _, keys in self._issuers.values())

    async def verify(self, request: HasHeaders) -> Principal:
        """Give the caller; raises TokenRefused, TooManyRequests, KeysNotReachable while an issuer was never reached."""
        caller = await self._known(request)
        if self._limit is not None:
            self._limit.take((caller.issuer, caller.client_id or caller.subject))
        return caller

    async def _known(self, request: HasHeaders) -> Principal:
        try:
            _, token = self.parse_request_authorization(request)
        except MissingAuthorizationError:
            raise TokenRefused("", "Send an access token: Authorization: Bearer <token>.") from None
        except UnsupportedTokenTypeError:
            raise TokenRefused(
                "invalid_request", "The Authorization header must be: Bearer <token>."
            ) from None
        digest = hashlib.sha256(token.encode(errors="replace")).digest()
        known = self._verified.get(digest)
        if known and known[1] > self._clock():
            return known[0]
        principal, until = await self._check(token)
        if len(self._verified) >= MOST_CACHED:
            self._verified.clear()
        self._verified[digest] = (principal, until)
        return principal

    async def _check(self, token: str) -> tuple[Principal, float]:
        header, unverified = _peek(token)
        if header.get("alg") not in ALGORITHMS:
            raise _refused(f"its algorithm must be one of {', '.join(ALGORITHMS)}")
        issuer, keys = self._issuer_of(unverified)
        if header.get("typ") not in (UNTYPED if "typ" in issuer.excused else TYPES):
            raise _refused("its type (typ) must be at+jwt")
        kid = header.get("kid")
        held = await keys.holding(kid if isinstance(kid, str) else None)
        if held is None:
            if not keys.ready:
                raise KeysNotReachable
            raise _refused("its issuer has no key with that id (kid)")
        try:
            claims = jwt.decode(token, held, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError, TypeError, KeyError, RecursionError):
            raise _refused("its signature does not hold") from None
        self._check_claims(claims, issuer.excused)
        caller = principal_from(claims, issuer.claims)
        allowed = issuer.units.get(caller.client_id)
        if allowed is not None and caller.unit not in allowed:
            raise _refused("its client is not registered to act for this unit")
        return caller, float(claims["exp"]) + LEEWAY

    def _issuer_of(self, unverified: Mapping[str, Any]) -> tuple[TrustedIssuer, IssuerKeys]:
        name = unverified.get("iss")
        found = self._issuers.get(name) if isinstance(name, str) else None
        if found is None:
            raise _refused("its issuer (iss) is not one this service trusts")
        return found

    def _check_claims(self, claims: Mapping[str, Any], excused: frozenset[str]) -> None:
        for name in (one for one in ("sub", "client_id", "jti") if one not in excused or one in claims):
            if not isinstance(claims.get(name), str) or not claims[name]:
                raise _refused(f"the claim {name} is missing")
        _check_times(claims, self._clock())
        audience = claims.get("aud")
        if self._audience not in (audience if isinstance(audience, list) else [audience]):
            raise _refused(f"its audience (aud) must hold {self._audience}")
        if "cnf" in claims:
            raise _refused(
                "it is bound to a key (cnf), which this service does not check; ask for a bearer token"
            )


def _check_times(claims: Mapping[str, Any], now: float) -> None:
    for name in ("exp", "iat"):
        if not _is_time(claims.get(name)):
            raise _refused(f"the claim {name} is missing or no time")
    if claims["exp"] + LEEWAY <= now:
        raise _refused("it has expired")
    if claims["iat"] - LEEWAY > now:
        raise _refused("it was issued in the future")
    if "nbf" in claims and (not _is_time(claims["nbf"]) or claims["nbf"] - LEEWAY > now):
        raise _refused("it is not valid yet (nbf)")


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e11


def _peek(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read header and claims without trust, to learn which issuer's key must have signed them."""
    if len(token) > LONGEST_TOKEN:
        raise _refused(f"it is longer than {LONGEST_TOKEN} characters")
    parts = token.split(".")
    if len(parts) != 3:
        raise _refused("it is no signed JWT")
    try:
        header, claims = (
            orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))) for part in parts[:2]
        )
    except ValueError:
        raise _refused("it is no readable JWT") from None
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise _refused("it is no readable JWT")
    return header, claims


def _refused(why: str) -> TokenRefused:
    return TokenRefused("invalid_token", f"The access token was refused: {why}.")
