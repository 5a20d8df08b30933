"""Secrets made for one demo and kept in its folder: each client's, and the keys that sign tokens and the access log."""

import json
import secrets
from collections.abc import Iterable

from joserfc.jwk import ECKey, OKPKey

from services.demo.demo_directory import DemoDirectory, write_private


def client_secrets(directory: DemoDirectory, client_ids: Iterable[str]) -> dict[str, str]:
    """Give each client's secret, making those that are missing."""
    path = directory.path / "credentials.json"
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    wanted = {client_id: kept.get(client_id) or secrets.token_urlsafe(32) for client_id in client_ids}
    if wanted != kept:
        write_private(path, json.dumps(wanted, indent=1))
    return wanted


def signing_key(directory: DemoDirectory) -> ECKey:
    """Give the key that signs access tokens, making it the first time."""
    path = directory.path / "signing-key.json"
    if path.exists():
        return ECKey.import_key(json.loads(path.read_text()))
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": secrets.token_hex(8)})
    write_private(path, json.dumps(key.as_dict(private=True)))
    return key


def seal_key(directory: DemoDirectory) -> str:
    """Give the key that seals the access log, as JWK, making it the first time."""
    path = directory.path / "seal-key.json"
    if not path.exists():
        write_private(path, json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))
    return path.read_text()


def note_patient(directory: DemoDirectory, client_id: str, patient: str) -> None:
    """Note which Patient a resident's client is."""
    write_private(directory.path / "residents.json", json.dumps({client_id: patient}))


def patient_of(directory: DemoDirectory, client_id: str) -> str | None:
    """Give the Patient id of a resident's client, once it is known."""
    try:
        noted: dict[str, str] = json.loads((directory.path / "residents.json").read_text())
    except FileNotFoundError:
        return None
    return noted.get(client_id)
