"""Loading over real HTTP: as the unit's own system, patient with a busy service, clear about a refusal."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.demo.county.loader import LoadRefused
from services.demo.county.loads import Load
from services.demo.county.units import BJORKVALLA_CENTRE
from services.demo.fill_county import SystemPost
from tests.loopback import LoopbackServer

pytestmark = pytest.mark.anyio

SECRETS = {"ehr-system": "secret"}
LOAD = Load(BJORKVALLA_CENTRE.hsa, BJORKVALLA_CENTRE.giver.hsa, {"resourceType": "Bundle"}, "visits")


class Service:
    """Answers with the statuses it is told, then 200; remembers what it was asked."""

    def __init__(self) -> None:
        self.statuses: list[int] = []
        self.tokens: list[tuple[str, str]] = []
        self.bodies: list[bytes] = []
        routes = [Route("/token", self.token, methods=["POST"]), Route("/fhir", self.fhir, methods=["POST"])]
        self.server = LoopbackServer(Starlette(routes=routes))

    async def token(self, request: Request) -> Response:
        self.tokens.append((request.headers["authorization"], (await request.body()).decode()))
        return JSONResponse({"access_token": "a-token", "expires_in": 900})

    async def fhir(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer a-token"
        self.bodies.append(await request.body())
        status = self.statuses.pop(0) if self.statuses else 200
        answer: dict[str, Any] = {"resourceType": "Bundle" if status == 200 else "OperationOutcome"}
        return JSONResponse(answer, status)


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    with made.server:
        yield made


@pytest.fixture
async def post(service: Service) -> AsyncIterator[SystemPost]:
    async with httpx2.AsyncClient(trust_env=False) as http:
        yield SystemPost(http, f"{service.server.url}/fhir", f"{service.server.url}/token", SECRETS)


async def test_it_posts_as_the_writing_units_own_system(service: Service, post: SystemPost) -> None:
    for _ in range(2):
        assert await post(LOAD, b"{}") == {"resourceType": "Bundle"}

    assert len(service.tokens) == 1
    header, form = service.tokens[0]
    assert header == "Basic ZWhyLXN5c3RlbTpzZWNyZXQ="  # ehr-system:secret
    assert form == f"grant_type=client_credentials&unit={BJORKVALLA_CENTRE.hsa}"


async def test_a_busy_service_is_asked_again_with_the_same_bytes(service: Service, post: SystemPost) -> None:
    service.statuses = [503, 503]

    await post(LOAD, b'{"x": 1}')

    assert service.bodies == [b'{"x": 1}'] * 3


@pytest.mark.parametrize("status", [400, 422, 500])
async def test_a_refusal_names_the_load_and_is_not_repeated(
    service: Service, post: SystemPost, status: int
) -> None:
    service.statuses = [status]

    with pytest.raises(LoadRefused, match=f"visits: {status} .*OperationOutcome"):
        await post(LOAD, b"{}")

    assert len(service.bodies) == 1


async def test_a_service_that_is_gone_is_told_as_a_refusal(service: Service) -> None:
    async with httpx2.AsyncClient(trust_env=False) as http:
        post = SystemPost(http, f"{service.server.url}/fhir", f"{service.server.url}/token", SECRETS)
        await post(LOAD, b"{}")
        service.server.__exit__(None, None, None)

        with pytest.raises(LoadRefused, match="visits: ConnectError"):
            await post(LOAD, b"{}")
