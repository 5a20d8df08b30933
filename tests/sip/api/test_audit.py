"""The roots of the access log are there for whoever wants to keep them elsewhere."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import anyio
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc.jwk import OKPKey

from services.chassis.signing_key import SigningKey
from services.sip.storage.connection import connect, database
from services.sip.storage.mongo_sealed_log import MongoSealedLog
from services.sip.use_cases.seal_log import seal_log
from tests.sip.harness import NURSE, County


async def sealed(county: County, key: SigningKey) -> None:
    client = connect(county.mongo_url)
    await seal_log(
        MongoSealedLog(client, database(client, county.database)), key, datetime(2030, 1, 1, tzinfo=UTC)
    )
    client.close()


def test_roots_are_chained_and_signed_so_that_anybody_can_check(served: County) -> None:
    pair = OKPKey.generate_key("Ed25519")
    key = SigningKey(json.dumps(pair.as_dict(private=True)))
    public = pair.public_key
    assert isinstance(public, Ed25519PublicKey)
    with served.staff(NURSE) as nurse:
        for _ in range(2):
            nurse.get("/fhir/Goal")
            anyio.run(sealed, served, key)
        told = nurse.get("/api/v1/audit/roots").json()
        rest = nurse.get("/api/v1/audit/roots", params={"after": told["roots"][0]["number"]}).json()
    first, second = told["roots"][:2]
    assert second["previous"] == sha256(first["content"].encode()).hexdigest()
    assert rest["roots"][0]["number"] == 2
    for one in told["roots"]:
        public.verify(bytes.fromhex(one["signature"]), one["content"].encode())
        assert json.loads(one["content"])["root"] == one["root"]
        assert one["key"] == key.name


def test_without_a_token_there_are_no_roots(served: County) -> None:
    with served.client() as client:
        assert client.get("/api/v1/audit/roots", headers={"Authorization": ""}).status_code == 401
