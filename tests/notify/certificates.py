"""Certificates for servers of the tests: an authority of our own, and a server's certificate from it."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Certified:
    """A server's certificate and key, and the authority that vouches for them, as files."""

    authority: Path
    certificate: Path
    key: Path

    def ssl(self) -> dict[str, str]:
        return {"ssl_certfile": str(self.certificate), "ssl_keyfile": str(self.key)}


def certified(name: str, directory: Path, *, days: int = 1) -> Certified:
    """Make a certificate for a DNS name, valid for some days (or, below 0, until some days ago)."""
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    authority_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"authority of {name}")])
    now = dt.datetime.now(dt.UTC)  # noqa: TID251 - certificates are judged by the clock
    begins, ends = now - dt.timedelta(days=30), now + dt.timedelta(days=days)
    authority = (
        x509.CertificateBuilder(
            authority_name, authority_name, authority_key.public_key(), x509.random_serial_number()
        )
        .not_valid_before(begins)
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(authority_key.public_key()), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(authority_name, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    made = Certified(directory / "authority.crt", directory / "server.crt", directory / "server.private")
    made.authority.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    made.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    made.key.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return made
