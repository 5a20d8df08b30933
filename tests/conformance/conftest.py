"""A running sip whose links lead back to itself, for clients that nobody here wrote."""

import uuid
from collections.abc import Iterator

import pytest

from services.sip.main.api import build_api
from services.sip.settings import SipSettings
from tests.issuer import TestIssuer
from tests.loopback import LoopbackServer
from tests.sip.fhir.conftest import Sip, numbers, nurse, person

__all__ = ["numbers", "nurse", "person", "sip"]


@pytest.fixture(scope="session")
def sip(mongo_url: str) -> Iterator[Sip]:
    """Serve sip on a database of its own, under the address by which it is reached."""
    name = f"test_{uuid.uuid4().hex}"
    server = LoopbackServer()
    with TestIssuer(audience=server.url) as issuer:
        settings = SipSettings(
            mongo_url=mongo_url,
            mongo_database=name,
            public_base=server.url,
            issuers=[issuer.setting()],
            token_url=issuer.token_url,
            client_id="sip",
            client_secret="not-used-here",
        )
        server.app = build_api(settings)
        with server:
            yield Sip(server.url, issuer, mongo_url, name)
