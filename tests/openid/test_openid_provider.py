"""Tokens of a certified OpenID provider that nobody here wrote are taken: each algorithm, and when its keys change."""

import json
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from pymongo import MongoClient

from services.chassis.tokens import TokenRefused, TokenVerifier, TrustedIssuer
from services.sip.main.api import build_api
from services.sip.settings import SipSettings
from tests.issuer import TestIssuer
from tests.loopback import LoopbackServer

pytestmark = [pytest.mark.system, pytest.mark.anyio]
HERE: Final = Path(__file__).parent
AUDIENCE: Final = "https://samplan.test"
CLAIMS: Final = {
    "healthcareUnitHsaId": "SE9999990001-1E01",
    "healthcareProviderHsaId": "SE9999990001",
    "commissionPurpose": "Vård och behandling",
}


class Provider:
    """The provider's process, and one client of it that proves itself with a private key."""

    def __init__(self, folder: Path) -> None:
        self._key = ECKey.generate_key("P-256", {"kid": "client", "use": "sig", "alg": "ES256"})
        public = {"keys": [self._key.as_dict(private=False)]}
        client = {"client_id": "journal", "jwks": public, "claims": CLAIMS}
        self._process = subprocess.Popen(
            ["node", "provider.mjs", json.dumps([client]), AUDIENCE], cwd=folder, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self.issuer = self._line("http")
        found = httpx2.get(f"{self.issuer}/.well-known/openid-configuration", trust_env=False).json()
        self.token_endpoint: str = found["token_endpoint"]
        self.jwks_uri: str = found["jwks_uri"]

    def _line(self, start: str) -> str:
        """Give its next line of this kind; it has notices to tell as well."""
        assert self._process.stdout
        for line in self._process.stdout:
            if line.startswith(start):
                return line.strip()
        raise AssertionError("the provider ended")

    def rotate(self) -> None:
        assert self._process.stdin
        self._process.stdin.write("rotate\n")
        self._process.stdin.flush()
        self._line("rotated")

    def asked(self, resource: str, scope: str = "system/*.cruds") -> httpx2.Response:
        now = int(time.time())  # noqa: TID251 - the provider reads the clock too
        about = {"iss": "journal", "sub": "journal", "aud": self.issuer, "jti": uuid.uuid4().hex}
        proof = jwt.encode(
            {"alg": "ES256", "kid": "client"}, {**about, "iat": now, "exp": now + 60}, self._key
        )
        form = {
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": proof,
            "scope": scope,
            "resource": resource,
        }
        return httpx2.post(self.token_endpoint, data=form, trust_env=False)

    def token(self, algorithm: str) -> str:
        answer = self.asked(f"{AUDIENCE}/{algorithm}")
        assert answer.status_code == 200, answer.text
        given: str = answer.json()["access_token"]
        return given

    def stop(self) -> None:
        self._process.communicate(timeout=10)


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """Install the provider in a folder of its own and start it."""
    folder = tmp_path_factory.mktemp("openid")
    for name in ("package.json", "provider.mjs"):
        shutil.copy2(HERE / name, folder / name)
    install = [
        "npm",
        "install",
        "--no-audit",
        "--no-fund",
        "--no-package-lock",
        "--ignore-scripts",
        "--silent",
    ]
    subprocess.run(install, cwd=folder, check=True, timeout=120)
    running = Provider(folder)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def api(provider: Provider, mongo_url: str) -> Iterator[str]:
    """Serve sip, which trusts the provider beside another issuer."""
    name = f"test_{uuid.uuid4().hex}"
    with TestIssuer(AUDIENCE) as other:
        trusted = {"issuer": provider.issuer, "jwks_uri": provider.jwks_uri}
        settings = SipSettings(
            mongo_url=mongo_url, mongo_database=name, public_base=AUDIENCE, issuers=[other.setting(), trusted],
            token_url=other.token_url, client_id="sip", client_secret="not-used-here",
        )  # fmt: skip
        with LoopbackServer(build_api(settings)) as server:
            yield server.url
    with MongoClient[dict[str, Any]](mongo_url) as client:
        client.drop_database(name)


def asked(api: str, token: str, path: str = "/fhir/CarePlan") -> httpx2.Response:
    return httpx2.get(f"{api}{path}", headers={"Authorization": f"Bearer {token}"}, trust_env=False)


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "PS256"])
def test_a_token_of_the_provider_opens_the_api(provider: Provider, api: str, algorithm: str) -> None:
    answer = asked(api, provider.token(algorithm))
    assert answer.status_code == 200, answer.text


def test_a_token_for_another_audience_or_of_no_form_we_read_is_refused(provider: Provider, api: str) -> None:
    foreign = provider.asked("https://elsewhere.test/ES256").json()["access_token"]
    opaque = provider.asked(f"{AUDIENCE}/opaque").json()["access_token"]
    for token in (foreign, opaque, f"{provider.token('ES256')[:-4]}AAAA"):
        assert asked(api, token).status_code == 401


def test_the_scope_that_the_provider_grants_is_the_scope_that_holds(provider: Provider, api: str) -> None:
    narrow = provider.asked(f"{AUDIENCE}/ES256", scope="system/CarePlan.rs").json()["access_token"]
    assert asked(api, narrow).status_code == 200
    assert asked(api, narrow, "/fhir/Task").status_code == 403


class Carrying:
    """A request as far as a token is concerned."""

    def __init__(self, token: str) -> None:
        self.headers = {"Authorization": f"Bearer {token}"}


async def test_the_providers_new_keys_are_found_without_a_restart_and_its_old_ones_forgotten(
    provider: Provider,
) -> None:
    seconds = [1000.0]
    trusted = [TrustedIssuer(provider.issuer, provider.jwks_uri)]
    verifier = TokenVerifier(trusted, AUDIENCE, clock=time.time, monotonic=lambda: seconds[0])  # noqa: TID251 - tokens carry real times
    caller = await verifier.verify(Carrying(provider.token("PS256")))
    assert (caller.client_id, caller.unit) == ("journal", CLAIMS["healthcareUnitHsaId"])
    old = provider.token("ES256")
    provider.rotate()
    seconds[0] += 31
    for algorithm in ("ES256", "RS256", "PS256"):
        await verifier.verify(Carrying(provider.token(algorithm)))
    with pytest.raises(TokenRefused):
        await verifier.verify(Carrying(old))
