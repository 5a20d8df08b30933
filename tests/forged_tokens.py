"""Tokens that must be refused: each a name and a function that makes one out of a real issuer and a trap.

The trap is the address of a server that nobody may ever contact; tokens name it wherever a token can name one.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from typing import Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.issuer import TestIssuer

Forge = Callable[[TestIssuer, str], str]


def part(content: Any) -> str:
    """Write one part of a compact JWS."""
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def claims(issuer: TestIssuer, **other: Any) -> dict[str, Any]:
    """Give claims in order, but for the given."""
    now = int(time.time())  # noqa: TID251 - an issuer reads the clock
    every = {"iss": issuer.url, "aud": issuer.audience, "sub": "a", "client_id": "a", "jti": "a", "iat": now}
    return {**every, "exp": now + 300, "scope": "user/*.cruds", **other}


def header(issuer: TestIssuer, **other: Any) -> dict[str, Any]:
    """Give a header in order, but for the given; None leaves a member out."""
    every = {"alg": "ES256", "typ": "at+jwt", "kid": issuer.key.kid, **other}
    return {name: value for name, value in every.items() if value is not None}


def unsigned(issuer: TestIssuer, signature: bytes = b"", *, payload: Any = None, **head: Any) -> str:
    """Write a token with any signature under any header."""
    body = claims(issuer) if payload is None else payload
    return f"{part(header(issuer, **head))}.{part(body)}.{part(signature)}"


def signed(issuer: TestIssuer, **head: Any) -> str:
    """Sign truly, whatever the header says; the library would refuse to write some of them."""
    text = f"{part(header(issuer, **head))}.{part(claims(issuer))}"
    private = issuer.key.private_key
    assert private is not None
    r, s = decode_dss_signature(private.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{text}.{part(r.to_bytes(32) + s.to_bytes(32))}"


def with_secret(issuer: TestIssuer, secret: bytes) -> str:
    """Sign with a secret that is the issuer's public key: the classic confusion of algorithms."""
    signed = f"{part(header(issuer, alg='HS256'))}.{part(claims(issuer))}"
    return f"{signed}.{part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def spliced(issuer: TestIssuer, position: int, content: Any) -> str:
    """Exchange one part of a token that was in order."""
    parts = issuer.token(scope="user/*.cruds").split(".")
    parts[position] = content if isinstance(content, str) else part(content)
    return ".".join(parts)


def other_key(issuer: TestIssuer) -> ECKey:
    """Give a key of the forger's own, under the issuer's key id."""
    return ECKey.generate_key("P-256", {"kid": str(issuer.key.kid)})


def der_signature(issuer: TestIssuer) -> str:
    """Write a true signature in the wrong encoding."""
    return spliced(issuer, 2, b"\x30\x45\x02\x21" + b"\x01" * 67)


def by_header(**head: Any) -> Forge:
    """Sign truly, under a header that must not be accepted."""
    return lambda issuer, _trap: signed(issuer, **head)


def by_claim(**changed: Any) -> Forge:
    """Sign truly, with claims that must not be accepted."""
    return lambda issuer, _trap: issuer.token(**changed)


def own_key(member: str) -> Forge:
    """Sign with a key of the forger's own, and name where it is to be found."""

    def forge(issuer: TestIssuer, trap: str) -> str:
        key = ECKey.generate_key("P-256", {"kid": str(issuer.key.kid)})
        found: dict[str, Any] = {
            "jku": f"{trap}/jwks",
            "x5u": f"{trap}/cert",
            "jwk": key.as_dict(private=False),
        }
        return issuer.token(header_={member: found[member]}, key_=key)

    return forge


NOW: Final = int(time.time())  # noqa: TID251 - an issuer reads the clock
DEEP: Final = b'{"a":' * 5000 + b"1" + b"}" * 5000

FORGED: Final[dict[str, Forge]] = {
    "no type": by_header(typ=None),
    "an id token's type": by_header(typ="JWT"),
    "a type that is a list": by_header(typ=["at+jwt"]),
    "a type that is an object": by_header(typ={}),
    "a type that is a number": by_header(typ=1),
    "no algorithm": lambda issuer, _: unsigned(issuer, alg=None),
    "algorithm none": lambda issuer, _: unsigned(issuer, alg="none"),
    "algorithm nOnE": lambda issuer, _: unsigned(issuer, alg="nOnE"),
    "algorithm none with a signature": lambda issuer, _: unsigned(issuer, b"abc", alg="none"),
    "an algorithm that is a list": lambda issuer, _: unsigned(issuer, alg=["ES256"]),
    "an algorithm that is a number": lambda issuer, _: unsigned(issuer, alg=256),
    "a secret out of the public key, PEM": lambda issuer, _: with_secret(
        issuer, issuer.key.as_pem(private=False)
    ),
    "a secret out of the public key, JWK": lambda issuer, _: with_secret(
        issuer, json.dumps(issuer.key.as_dict(private=False)).encode()
    ),
    "an empty secret": lambda issuer, _: with_secret(issuer, b""),
    "another algorithm than the key's": lambda issuer, _: unsigned(issuer, b"a" * 256, alg="RS256"),
    "a longer curve than the key's": lambda issuer, _: unsigned(issuer, b"a" * 96, alg="ES384"),
    "an algorithm not in the list": lambda issuer, _: unsigned(issuer, b"a" * 132, alg="ES512"),
    "no key id": by_header(kid=None),
    "an unknown key id": by_header(kid="unknown"),
    "a key id that is a path": by_header(kid="../../../../dev/null"),
    "a key id that is a query": by_header(kid="' OR 1=1 --"),
    "a key id that is a list": lambda issuer, _: signed(issuer, kid=["a"]),
    "a key id that is an operator": lambda issuer, _: signed(issuer, kid={"$ne": ""}),
    "a key id of 4 KB": by_header(kid="k" * 4096),
    "a key at an address of its own (jku)": own_key("jku"),
    "a certificate at an address of its own (x5u)": own_key("x5u"),
    "a key it brings along (jwk)": own_key("jwk"),
    "a certificate it brings along (x5c)": lambda issuer, _: unsigned(issuer, b"a" * 64, x5c=["MIIB"]),
    "true keys elsewhere": lambda issuer, trap: issuer.token(
        header_={"jku": f"{trap}/jwks"}, key_=other_key(issuer)
    ),
    "an extension it calls critical": lambda issuer, _: signed(issuer, crit=["x"], x=1),
    "an unencoded payload (b64)": lambda issuer, _: signed(issuer, crit=["b64"], b64=False),
    "a compressed payload": lambda issuer, _: signed(issuer, zip="DEF"),
    "another's signature": lambda issuer, _: issuer.token(key_=other_key(issuer)),
    "no signature": lambda issuer, _: spliced(issuer, 2, ""),
    "half a signature": lambda issuer, _: spliced(issuer, 2, b"a" * 32),
    "a signature of zeroes": lambda issuer, _: spliced(issuer, 2, b"\x00" * 64),
    "a signature in DER": lambda issuer, _: der_signature(issuer),
    "a signature of 5 KB": lambda issuer, _: spliced(issuer, 2, b"a" * 5000),
    "claims exchanged after signing": lambda issuer, _: spliced(issuer, 1, claims(issuer, sub="b")),
    "a header exchanged after signing": lambda issuer, _: spliced(issuer, 0, header(issuer, x="y")),
    "no issuer": by_claim(iss=None),
    "an issuer nobody trusts": lambda issuer, trap: issuer.token(iss=trap),
    "an issuer with one stroke more": lambda issuer, _: issuer.token(iss=f"{issuer.url}/"),
    "an issuer in capitals": lambda issuer, _: issuer.token(iss=issuer.url.upper()),
    "an issuer that is a list": lambda issuer, _: issuer.token(iss=[issuer.url]),
    "an issuer that is an operator": by_claim(iss={"$ne": ""}),
    "no audience": by_claim(aud=None),
    "another audience": by_claim(aud="https://elsewhere.test"),
    "an audience that begins like ours": by_claim(aud="https://samplan.test.elsewhere.test"),
    "audiences without ours": by_claim(aud=["https://a.test", "https://b.test"]),
    "no audience in the list": by_claim(aud=[]),
    "an audience that is an object": by_claim(aud={"https://samplan.test": 1}),
    "expired": by_claim(exp=NOW - 31),
    "no expiry": by_claim(exp=None),
    "an expiry that is text": by_claim(exp=str(NOW + 300)),
    "an expiry that is true": by_claim(exp=True),
    "an expiry beyond all time": by_claim(exp=10**30),
    "an expiry that is a list": by_claim(exp=[NOW + 300]),
    "not valid yet": by_claim(nbf=NOW + 120),
    "a beginning that is text": by_claim(nbf="now"),
    "issued tomorrow": by_claim(iat=NOW + 86_400),
    "no time of issue": by_claim(iat=None),
    "no subject": by_claim(sub=None),
    "an empty subject": by_claim(sub=""),
    "a subject that is a number": by_claim(sub=7),
    "no client": by_claim(client_id=None),
    "a client that is a list": by_claim(client_id=["a"]),
    "no token id": by_claim(jti=None),
    "bound to a certificate": by_claim(cnf={"x5t#S256": "a"}),
    "bound to a key": by_claim(cnf={"jkt": "a"}),
    "bound to null": lambda issuer, _: issuer.token(cnf={}),
    "one part": lambda _issuer, _trap: "abc",
    "two parts": lambda issuer, _: issuer.token().rpartition(".")[0],
    "four parts": lambda issuer, _: issuer.token() + ".abc",
    "five parts, as if encrypted": lambda issuer, _: issuer.token() + ".abc.def",
    "dots alone": lambda _issuer, _trap: "..",
    "no base64": lambda _issuer, _trap: "!!!.???.###",
    "a header that is no JSON": lambda issuer, _: spliced(issuer, 0, b"no json"),
    "a header that is a list": lambda issuer, _: spliced(issuer, 0, []),
    "a header of nothing": lambda issuer, _: spliced(issuer, 0, ""),
    "claims that are no JSON": lambda issuer, _: spliced(issuer, 1, b"no json"),
    "claims that are a list": lambda issuer, _: spliced(issuer, 1, [1]),
    "claims that are null": lambda issuer, _: spliced(issuer, 1, None),
    "claims that are no UTF-8": lambda issuer, _: spliced(issuer, 1, b'{"iss":"\xff"}'),
    "claims nested 5,000 deep": lambda issuer, _: spliced(issuer, 1, DEEP),
    "a true key, as JSON": lambda issuer, _: json.dumps({"payload": part(claims(issuer)), "signatures": []}),
    "9 KB": lambda issuer, _: issuer.token(scope="a" * 9000),
    "a space inside": lambda issuer, _: issuer.token().replace(".", ". ", 1),
    "an RSA key of the forger's": lambda issuer, _: TestIssuer.token(
        issuer,
        header_={"alg": "RS256"},
        key_=RSAKey.generate_key(2048, {"kid": str(issuer.key.kid)}),  # type: ignore[arg-type]
    ),
    "a secret of the forger's": lambda issuer, _: with_secret(issuer, OctKey.generate_key(256).raw_value),
}
"""A test demands at least forty."""
