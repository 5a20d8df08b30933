"""While the database is away every answer is a 503 that says so, and none is a fault of ours."""

from collections.abc import Iterator

import httpx2
import pytest

from services.sip.main.api import build_api
from services.sip.settings import SipSettings
from tests.issuer import TestIssuer
from tests.loopback import LoopbackServer, free_port
from tests.mongod import begin_replica_set, start_mongod
from tests.sip.fhir.conftest import BASE


@pytest.fixture(scope="module")
def left_alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """Give a client of a sip whose database has been killed."""
    port = free_port()
    mongod = start_mongod(tmp_path_factory.mktemp("mongod"), port)
    begin_replica_set(port, mongod)
    with TestIssuer(audience=BASE) as issuer:
        settings = SipSettings(
            mongo_url=f"mongodb://127.0.0.1:{port}/?replicaSet=rs0&serverSelectionTimeoutMS=300",
            mongo_database="away",
            public_base=BASE,
            issuers=[issuer.setting()],
            token_url=issuer.token_url,
            client_id="sip",
            client_secret="not-used-here",
            commit_deadline_seconds=1,
        )
        claims = {
            "scope": "user/*.cruds",
            "employeeHsaId": "SE-K-e",
            "healthcareUnitHsaId": "SE-K-unit",
            "healthcareProviderHsaId": "SE-K",
        }
        with LoopbackServer(build_api(settings)) as server:
            headers = issuer.headers(**claims)
            with httpx2.Client(base_url=server.url, headers=headers, timeout=30, trust_env=False) as client:
                assert client.get("/readyz").status_code == 200
                mongod.kill()
                mongod.wait(10)
                yield client


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/fhir/Goal/1"),
        ("GET", "/fhir/Goal/1/_history"),
        ("GET", "/fhir/Goal?lifecycle-status=active"),
        ("POST", "/fhir/Patient"),
    ],
)
def test_every_way_in_says_that_it_may_be_tried_again(
    left_alone: httpx2.Client, method: str, path: str
) -> None:
    body = {"resourceType": "Patient", "active": True} if method == "POST" else None
    answer = left_alone.request(method, path, json=body)
    assert answer.status_code == 503, answer.text
    assert answer.headers["retry-after"]
    assert answer.json()["issue"][0]["code"] == "transient"


def test_the_process_says_that_it_lives_but_is_not_ready(left_alone: httpx2.Client) -> None:
    assert left_alone.get("/healthz").status_code == 200
    unready = left_alone.get("/readyz")
    assert unready.status_code == 503
    assert unready.json()["mongo"] is False
