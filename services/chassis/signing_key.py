"""Ed25519 keys, written as JWK (RFC 8037): one signs, it and earlier ones verify; a key's name is its thumbprint."""

from collections.abc import Sequence

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey


class SigningKey:
    """Signs with one key; verifies what that key or an earlier one signed."""

    def __init__(self, jwk: str, earlier: Sequence[str] = ()) -> None:
        """Take the private JWK as JSON text, and earlier keys' public JWKs; raises ValueError for any other."""
        own = _read(jwk)
        if not isinstance(own.private_key, Ed25519PrivateKey):
            raise ValueError("The signing key must hold its private part, d.")  # noqa: TRY004 - a setting's value
        self._private = own.private_key
        self._public = {one.thumbprint(): _public(one) for one in (own, *map(_read, earlier))}
        self.name: str = own.thumbprint()

    def sign(self, content: bytes) -> bytes:
        """Give the signature, 64 bytes."""
        return self._private.sign(content)

    def holds(self, name: str, content: bytes, signature: bytes) -> bool:
        """Tell whether the named key signed this; an unknown key signed nothing."""
        key = self._public.get(name)
        if key is None:
            return False
        try:
            key.verify(signature, content)
        except InvalidSignature:
            return False
        return True


def _read(jwk: str) -> OKPKey:
    try:
        return OKPKey.import_key(orjson.loads(jwk))
    except (JoseError, ValueError, TypeError, LookupError):
        raise ValueError('A signing key is a JWK: {"kty":"OKP","crv":"Ed25519","x":"…","d":"…"}.') from None


def _public(key: OKPKey) -> Ed25519PublicKey:
    if not isinstance(key.public_key, Ed25519PublicKey):
        raise ValueError("A signing key's curve (crv) must be Ed25519.")  # noqa: TRY004 - a setting's value
    return key.public_key
