"""The demo's authorization server over real HTTP, its tokens read by the very verifier the services use."""

import base64
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from joserfc import jws
from starlette.requests import Request

from services.chassis.principal import Principal
from services.chassis.service_token import ServiceToken
from services.chassis.tokens import TokenRefused, TokenVerifier, TrustedIssuer
from services.demo.authorization_server.app import authorization_app
from services.demo.authorization_server.clients import Client
from services.demo.authorization_server.issue import Issuer
from services.demo.credentials import client_secrets, note_patient, patient_of, signing_key
from services.demo.demo_directory import DemoDirectory
from tests.loopback import LoopbackServer

pytestmark = pytest.mark.anyio

AUDIENCE = "http://127.0.0.1:8000"
OWN_CLAIMS = {"employeeHsaId": "SE1-P", "healthcareUnitHsaId": "SE1-E1", "healthcareProviderHsaId": "SE1"}
CLIENTS = [
    Client("nurse", "SE1-P", ("user/*.crus", "user/AuditEvent.rs"), OWN_CLAIMS, lifetime=900),
    Client("ehr", "ehr", ("system/*.crus",), OWN_CLAIMS, frozenset({"SE1-E1", "SE1-E2"})),
    Client("resident", "somebody", ("patient/*.rs",), resident=True),
    Client("sip", "sip", ("system/event.c",)),
]


def clock() -> float:
    return 1_800_000_000.0


@pytest.fixture
def directory(tmp_path: Path) -> DemoDirectory:
    return DemoDirectory(tmp_path / ".demo")


@pytest.fixture
def secrets(directory: DemoDirectory) -> dict[str, str]:
    return client_secrets(directory, [client.client_id for client in CLIENTS])


@pytest.fixture
def url(directory: DemoDirectory, secrets: dict[str, str]) -> Iterator[str]:
    server = LoopbackServer()
    server.app = authorization_app(
        Issuer(
            name=server.url,
            audience=AUDIENCE,
            key=signing_key(directory),
            clients={client.client_id: client for client in CLIENTS},
            secrets=secrets,
            patient_of=lambda client_id: patient_of(directory, client_id),
            clock=clock,
        )
    )
    with server:
        yield server.url


@pytest.fixture
async def http(url: str) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(base_url=url, trust_env=False) as client:
        yield client


@pytest.fixture
def verifier(url: str) -> TokenVerifier:
    issuer = TrustedIssuer(url, f"{url}/jwks")
    return TokenVerifier([issuer], AUDIENCE, clock=clock, monotonic=time.monotonic)


def form(secrets: dict[str, str], client_id: str, /, **more: str) -> dict[str, str]:
    given = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secrets[client_id]}
    return {name: value for name, value in {**given, **more}.items() if value}


async def caller(verifier: TokenVerifier, token: str) -> Principal:
    headers = [(b"authorization", f"Bearer {token}".encode())]
    return await verifier.verify(Request({"type": "http", "headers": headers}))


async def test_a_persona_is_who_her_token_says_to_the_services(
    http: httpx2.AsyncClient, secrets: dict[str, str], verifier: TokenVerifier
) -> None:
    answer = await http.post("/token", data=form(secrets, "nurse"))

    principal = await caller(verifier, answer.json()["access_token"])

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["expires_in"] == 900
    assert (principal.employee, principal.unit, principal.giver) == ("SE1-P", "SE1-E1", "SE1")
    assert principal.scopes == ("user/*.crus", "user/AuditEvent.rs")
    assert (principal.subject, principal.client_id) == ("SE1-P", "nurse")


async def test_the_token_is_typed_as_an_access_token_and_short_lived(
    http: httpx2.AsyncClient, secrets: dict[str, str], directory: DemoDirectory
) -> None:
    answer = await http.post("/token", data=form(secrets, "sip"))

    signed = jws.deserialize_compact(answer.json()["access_token"], signing_key(directory), ["ES256"])
    claims = signed.payload.decode()

    assert signed.headers()["typ"] == "at+jwt"
    assert signed.headers()["alg"] == "ES256"
    assert '"aud": "http://127.0.0.1:8000"' in claims.replace('":"', '": "')
    assert answer.json()["expires_in"] == 300


async def test_the_services_own_client_code_gets_its_token_by_basic(
    url: str, secrets: dict[str, str], verifier: TokenVerifier
) -> None:
    token = ServiceToken(f"{url}/token", ("sip", secrets["sip"]), "system/event.c", clock)

    assert (await caller(verifier, await token.bearer())).scopes == ("system/event.c",)


async def test_a_token_of_another_demo_is_refused(
    http: httpx2.AsyncClient, secrets: dict[str, str], verifier: TokenVerifier, tmp_path: Path
) -> None:
    answer = await http.post("/token", data=form(secrets, "nurse"))
    head, claims, _ = answer.json()["access_token"].split(".")
    other = signing_key(DemoDirectory(tmp_path / "other"))
    forged = jws.serialize_compact(
        {"alg": "ES256", "typ": "at+jwt", "kid": "x"}, base64.urlsafe_b64decode(claims + "=="), other
    )

    for token in (forged, f"{head}.{claims}.{forged.split('.')[2]}"):
        with pytest.raises(TokenRefused):
            await caller(verifier, token)


async def test_a_care_givers_system_acts_for_any_unit_of_its_own(
    http: httpx2.AsyncClient, secrets: dict[str, str], verifier: TokenVerifier
) -> None:
    answer = await http.post("/token", data=form(secrets, "ehr", unit="SE1-E2"))

    assert (await caller(verifier, answer.json()["access_token"])).unit == "SE1-E2"


async def test_a_resident_has_a_token_once_her_record_is_known(
    http: httpx2.AsyncClient, secrets: dict[str, str], verifier: TokenVerifier, directory: DemoDirectory
) -> None:
    early = await http.post("/token", data=form(secrets, "resident"))
    note_patient(directory, "resident", "p17")
    answer = await http.post("/token", data=form(secrets, "resident"))

    assert (early.status_code, early.json()["error"]) == (503, "temporarily_unavailable")
    assert answer.json()["patient"] == "p17"
    assert (await caller(verifier, answer.json()["access_token"])).patient == "p17"


REFUSALS: list[tuple[dict[str, str], int, str]] = [
    ({"grant_type": "password"}, 400, "unsupported_grant_type"),
    ({"grant_type": ""}, 400, "invalid_request"),
    ({"client_secret": "wrong"}, 401, "invalid_client"),
    ({"client_secret": ""}, 401, "invalid_client"),
    ({"client_id": "nobody"}, 401, "invalid_client"),
    ({"scope": "system/*.crus"}, 400, "invalid_scope"),
    ({"scope": "user/Patient.cruds"}, 400, "invalid_scope"),
    ({"scope": "user/event.c"}, 400, "invalid_scope"),
    ({"scope": "openid"}, 400, "invalid_scope"),
    ({"unit": "SE1-E2"}, 400, "invalid_request"),
    ({"resource": "https://elsewhere.example"}, 400, "invalid_target"),
]


@pytest.mark.parametrize(("change", "status", "error"), REFUSALS)
async def test_a_request_that_does_not_hold_is_refused_as_oauth_says(
    http: httpx2.AsyncClient, secrets: dict[str, str], change: dict[str, str], status: int, error: str
) -> None:
    answer = await http.post("/token", data=form(secrets, "nurse", **change))

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer.json()["error_description"]
    assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize(
    "scope",
    [
        "user/*.crus",
        "user/Task.r",
        "user/CarePlan.rs?status=active",
        "user/Patient.rs user/AuditEvent.rs",
        "user/*.rs",
    ],
)
async def test_less_than_one_may_have_is_granted_when_asked_for(
    http: httpx2.AsyncClient, secrets: dict[str, str], scope: str
) -> None:
    answer = await http.post("/token", data=form(secrets, "nurse", scope=scope))

    assert answer.json()["scope"] == scope


BAD_REQUESTS: list[tuple[dict[str, Any], int]] = [
    ({"content": b"grant_type=client_credentials&grant_type=x"}, 400),
    ({"content": b"\xff\xfe=%ff"}, 400),
    ({"content": b"a=" + b"b" * 20_000}, 413),
    ({"content": b"", "headers": {"content-type": "application/json"}}, 400),
    ({"content": b"grant_type=client_credentials", "headers": {"authorization": "Basic %%%"}}, 401),
    ({"content": b"grant_type=client_credentials", "headers": {"authorization": "Bearer x"}}, 401),
    ({"content": b"client_secret=x", "headers": {"authorization": "Basic YTpi"}}, 400),
]


@pytest.mark.parametrize(("request_", "status"), BAD_REQUESTS)
async def test_what_cannot_be_read_is_refused_and_never_a_fault(
    http: httpx2.AsyncClient, request_: dict[str, Any], status: int
) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded", **request_.get("headers", {})}

    answer = await http.post("/token", content=request_["content"], headers=headers)

    assert answer.status_code == status
    assert answer.json()["error"]


async def test_metadata_says_where_everything_is_and_keys_are_public_only(
    http: httpx2.AsyncClient, url: str
) -> None:
    described = (await http.get("/.well-known/oauth-authorization-server")).json()
    keys = (await http.get(described["jwks_uri"])).json()["keys"]

    assert described["issuer"] == url
    assert described["token_endpoint"] == f"{url}/token"
    assert (await http.get("/.well-known/openid-configuration")).json() == described
    assert [set(key) & {"d", "kty", "kid", "alg"} for key in keys] == [{"kty", "kid", "alg"}]


def test_secrets_and_key_are_kept_for_their_owner_alone(directory: DemoDirectory) -> None:
    made, key = client_secrets(directory, ["a", "b"]), signing_key(directory)

    assert client_secrets(directory, ["a", "b", "c"]) | made == client_secrets(directory, ["a", "b", "c"])
    assert signing_key(directory).kid == key.kid
    for name in ("credentials.json", "signing-key.json"):
        assert (directory.path / name).stat().st_mode & 0o777 == 0o600
    assert directory.path.stat().st_mode & 0o777 == 0o700
