"""A notify to test: api and worker on real loopback HTTP, a real issuer, a stand-in for sip, a receiver."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from services.notify.main.api import build_api
from services.notify.main.worker import build_worker
from services.notify.settings import EndpointSetting, NotifySettings
from tests.issuer import CLIENT_SECRET, TestIssuer
from tests.loopback import LoopbackServer
from tests.notify.asking import Client
from tests.notify.record_stand_in import RecordStandIn
from tests.notify.sink import Sink

LOOPBACK = EndpointSetting(host="127.0.0.1", networks=("127.0.0.0/8",), plain_http=True)


@pytest.fixture(scope="session")
def issuer() -> Iterator[TestIssuer]:
    with TestIssuer() as running:
        yield running


@pytest.fixture
def record() -> Iterator[RecordStandIn]:
    with RecordStandIn() as running:
        yield running


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as running:
        yield running


@pytest.fixture
def settings(mongo_url: str, issuer: TestIssuer, record: RecordStandIn) -> NotifySettings:
    return settings_of(mongo_url, issuer, record.url)


def settings_of(mongo_url: str, issuer: TestIssuer, sip_url: str, **changed: Any) -> NotifySettings:
    """Give settings with a database of their own and quick retries."""
    given: dict[str, Any] = {
        "mongo_url": mongo_url,
        "mongo_database": f"notify_{uuid.uuid4().hex[:12]}",
        "public_base": issuer.audience,
        "issuers": [issuer.setting()],
        "token_url": issuer.token_url,
        "client_id": "samplan-notify",
        "client_secret": CLIENT_SECRET,
        "sip_url": sip_url,
        "allowed_endpoints": (LOOPBACK,),
        "retry_waits": (0.0, 0.1, 0.1, 0.2),
        "attempt_seconds": 2.0,
        "lease_seconds": 3.0,
        "poll_seconds": 0.2,
        **changed,
    }
    return NotifySettings(**given)


@pytest.fixture
def api(settings: NotifySettings) -> Iterator[LoopbackServer]:
    with LoopbackServer(build_api(settings)) as running:
        yield running


@pytest.fixture
def worker(api: LoopbackServer, settings: NotifySettings) -> Iterator[LoopbackServer]:
    with LoopbackServer(build_worker(settings)) as running:
        yield running


@pytest.fixture
def client_of(api: LoopbackServer, issuer: TestIssuer) -> Iterator[Callable[..., Client]]:
    """Make clients with other claims."""
    with ExitStack() as stack:

        def make(**claims: Any) -> Client:
            client = Client(api.url, issuer, **claims)
            stack.callback(client.close)
            return client

        yield make


@pytest.fixture
def client(client_of: Callable[..., Client]) -> Client:
    """A system of one unit that may do everything."""
    return client_of()
