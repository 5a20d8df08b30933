"""No token that is forged, broken or meant for others counts; none makes us ask an address it names."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import anyio
import pytest
from joserfc.jwk import ECKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.chassis.principal import ClaimNames
from services.chassis.rate_limit import RateLimit, TooManyRequests
from services.chassis.tokens import KeysNotReachable, TokenRefused, TokenVerifier, TrustedIssuer
from tests.forged_tokens import FORGED, signed
from tests.issuer import TestIssuer
from tests.loopback import LoopbackServer

pytestmark = pytest.mark.anyio
AUDIENCE = "https://samplan.test"
NOW = 1_795_348_800.0  # seconds since 1970


class Carrying:
    """A request as far as a token is concerned."""

    def __init__(self, token: str) -> None:
        self.headers = {"Authorization": f"Bearer {token}"}


class Clock:
    """A monotonic clock that stands until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Trap:
    """A server that counts who comes, and gives whatever keys it was given."""

    def __init__(self) -> None:
        self.visits: list[str] = []
        self.keys: list[dict[str, Any]] = []
        self.hanging = threading.Event()
        self.hanging.set()
        self.server = LoopbackServer(Starlette(routes=[Route("/{path:path}", self._visited)]))

    async def _visited(self, request: Request) -> Response:
        self.visits.append(request.url.path)
        await anyio.to_thread.run_sync(self.hanging.wait, 10)
        return JSONResponse({"keys": self.keys})


@pytest.fixture(scope="module")
def issuer() -> Iterator[TestIssuer]:
    with TestIssuer(AUDIENCE) as running:
        yield running


@pytest.fixture(scope="module")
def one_trap() -> Iterator[Trap]:
    trap = Trap()
    with trap.server:
        yield trap


@pytest.fixture
def trap(one_trap: Trap) -> Trap:
    one_trap.visits.clear()
    one_trap.keys = []
    return one_trap


def verifier(*issuers: TestIssuer, clock: Clock | None = None, **more: object) -> TokenVerifier:
    trusted = [TrustedIssuer(one.url, one.jwks_uri, **more) for one in issuers]  # type: ignore[arg-type]
    return TokenVerifier(trusted, AUDIENCE, clock=time.time, monotonic=clock or Clock())  # noqa: TID251 - tokens carry real times


def test_the_table_has_its_forty() -> None:
    assert len(FORGED) >= 40


async def test_a_token_in_order_is_taken(issuer: TestIssuer) -> None:
    caller = await verifier(issuer).verify(Carrying(issuer.token(sub="a", scope="user/Task.r")))
    assert (caller.subject, caller.scopes) == ("a", ("user/Task.r",))


@pytest.mark.parametrize("name", FORGED)
async def test_a_forged_token_is_refused_and_no_address_in_it_is_contacted(
    issuer: TestIssuer, trap: Trap, name: str
) -> None:
    with pytest.raises(TokenRefused) as refused:
        await verifier(issuer).verify(Carrying(FORGED[name](issuer, trap.server.url)))
    assert refused.value.error == "invalid_token"
    assert refused.value.description
    assert trap.visits == []


async def test_a_flood_of_unknown_key_ids_fetches_the_keys_once_in_thirty_seconds(
    issuer: TestIssuer, trap: Trap
) -> None:
    clock, trap.keys = Clock(), [issuer.key.as_dict(private=False)]
    checks = TokenVerifier(
        [TrustedIssuer(issuer.url, f"{trap.server.url}/jwks")], AUDIENCE, clock=lambda: NOW, monotonic=clock
    )
    for moment in range(60):
        clock.seconds = 1000.0 + moment
        for number in range(3):
            with pytest.raises(TokenRefused):
                await checks.verify(Carrying(issuer.token(header_={"kid": f"{moment}-{number}"})))
    assert len(trap.visits) == 2


async def test_a_new_key_is_found_without_a_restart(issuer: TestIssuer) -> None:
    clock = Clock()
    checks = verifier(issuer, clock=clock)
    await checks.verify(Carrying(issuer.token()))
    old, issuer.key = issuer.key, ECKey.generate_key("P-256", {"kid": "next", "use": "sig"})
    clock.seconds += 31
    try:
        await checks.verify(Carrying(issuer.token()))
        with pytest.raises(TokenRefused):
            await checks.verify(Carrying(issuer.token(key_=old, header_={"kid": old.kid})))
    finally:
        issuer.key = old


async def test_keys_that_were_fetched_outlive_the_issuer() -> None:
    clock = Clock()
    with TestIssuer(AUDIENCE) as short_lived:
        checks = verifier(short_lived, clock=clock)
        await checks.verify(Carrying(short_lived.token()))
    clock.seconds += 3600
    await checks.verify(Carrying(short_lived.token()))


async def test_an_issuer_that_hangs_delays_nobody_whose_key_is_known(issuer: TestIssuer, trap: Trap) -> None:
    clock, trap.keys = Clock(), [issuer.key.as_dict(private=False)]
    trusted = [TrustedIssuer(issuer.url, f"{trap.server.url}/jwks")]
    checks = TokenVerifier(trusted, AUDIENCE, clock=time.time, monotonic=clock)  # noqa: TID251 - tokens carry real times
    await checks.verify(Carrying(issuer.token()))
    trap.hanging.clear()
    clock.seconds += 3600
    for _ in range(3):
        await checks.verify(Carrying(issuer.token()))
        await anyio.sleep(0.05)
    assert trap.visits == ["/jwks", "/jwks"]
    trap.hanging.set()


async def test_keys_that_grew_old_are_fetched_anew_and_a_withdrawn_one_stops_working(
    issuer: TestIssuer, trap: Trap
) -> None:
    clock, trap.keys = Clock(), [issuer.key.as_dict(private=False)]
    trusted = [TrustedIssuer(issuer.url, f"{trap.server.url}/jwks")]
    checks = TokenVerifier(trusted, AUDIENCE, clock=time.time, monotonic=clock)  # noqa: TID251 - tokens carry real times
    await checks.verify(Carrying(issuer.token()))
    trap.keys = [ECKey.generate_key("P-256", {"kid": "other", "use": "sig"}).as_dict(private=False)]
    clock.seconds += 301
    await checks.verify(Carrying(issuer.token()))  # the last that the old keys serve
    with anyio.fail_after(10):
        while True:
            await anyio.sleep(0.02)
            try:
                await checks.verify(Carrying(issuer.token()))
            except TokenRefused:
                break


async def test_several_issuers_count_at_once_each_with_its_own_claims_and_strictness(
    issuer: TestIssuer,
) -> None:
    with TestIssuer(AUDIENCE) as municipality, TestIssuer(AUDIENCE) as inera:
        trusted = [
            TrustedIssuer(issuer.url, issuer.jwks_uri),
            TrustedIssuer(municipality.url, municipality.jwks_uri, ClaimNames(unit="enhet")),
            TrustedIssuer(inera.url, inera.jwks_uri, excused=frozenset({"typ"})),
        ]
        checks = TokenVerifier(trusted, AUDIENCE, clock=time.time, monotonic=Clock())  # noqa: TID251 - tokens carry real times
        claims: dict[str, Any] = {"enhet": "SE-a", "healthcareUnitHsaId": "SE-b"}
        units = [
            (await checks.verify(Carrying(one.token(**claims)))).unit for one in (issuer, municipality, inera)
        ]
        assert units == ["SE-b", "SE-a", "SE-b"]
        assert (await checks.verify(Carrying(signed(inera, typ=None)))).unit is None
        for strict in (issuer, municipality):
            with pytest.raises(TokenRefused):
                await checks.verify(Carrying(signed(strict, typ=None)))


async def test_a_token_bound_to_a_key_is_refused_saying_why(issuer: TestIssuer) -> None:
    with pytest.raises(TokenRefused, match="bound to a key \\(cnf\\)"):
        await verifier(issuer).verify(Carrying(issuer.token(cnf={"jkt": "a"})))


async def test_an_issuer_never_reached_is_no_fault_of_the_token() -> None:
    with TestIssuer(AUDIENCE) as unreachable:
        pass
    with pytest.raises(KeysNotReachable):
        await verifier(unreachable).verify(Carrying(unreachable.token()))


@pytest.mark.parametrize("keys", [[], [{}], [{"kty": "banana"}], [{"kty": "EC"}], ["a"], None])
async def test_a_broken_key_set_is_as_good_as_none(issuer: TestIssuer, trap: Trap, keys: Any) -> None:
    trap.keys = keys
    trusted = TrustedIssuer(issuer.url, f"{trap.server.url}/jwks")
    checks = TokenVerifier([trusted], AUDIENCE, clock=lambda: NOW, monotonic=Clock())
    with pytest.raises(KeysNotReachable):
        await checks.verify(Carrying(issuer.token()))


async def test_a_key_of_one_issuer_signs_nothing_for_another(issuer: TestIssuer) -> None:
    with TestIssuer(AUDIENCE) as other:
        forged = other.token(iss=issuer.url, header_={"kid": other.key.kid})
        with pytest.raises(TokenRefused):
            await verifier(issuer, other).verify(Carrying(forged))


async def test_each_issuer_names_its_claims_as_configured(issuer: TestIssuer) -> None:
    checks = verifier(issuer, claims=ClaimNames(unit="enhet"))
    caller = await checks.verify(Carrying(issuer.token(enhet="SE-unit", healthcareUnitHsaId="SE-other")))
    assert caller.unit == "SE-unit"


@pytest.mark.parametrize("name", ["typ", "client_id", "jti"])
async def test_what_an_issuer_is_excused_from_is_not_asked_of_its_tokens(
    issuer: TestIssuer, name: str
) -> None:
    token = signed(issuer, typ=None) if name == "typ" else issuer.token(**{name: None})
    excused = verifier(issuer, excused=frozenset({name}))
    assert (await excused.verify(Carrying(token))).subject
    with pytest.raises(TokenRefused):
        await verifier(issuer, excused=frozenset({"typ", "client_id", "jti"} - {name})).verify(
            Carrying(token)
        )


async def test_an_excused_type_is_still_no_other_kind_of_token(issuer: TestIssuer) -> None:
    for kind in ("logout+jwt", "dpop+jwt", ["at+jwt"]):
        excused = verifier(issuer, excused=frozenset({"typ"}))
        with pytest.raises(TokenRefused):
            await excused.verify(Carrying(signed(issuer, typ=kind)))


async def test_a_registered_client_acts_for_its_units_alone(issuer: TestIssuer) -> None:
    checks = verifier(issuer, units={"journal": frozenset({"SE-own"})})
    own = issuer.token(client_id="journal", healthcareUnitHsaId="SE-own")
    assert (await checks.verify(Carrying(own))).unit == "SE-own"
    for unit in ("SE-other", None):
        with pytest.raises(TokenRefused):
            await checks.verify(Carrying(issuer.token(client_id="journal", healthcareUnitHsaId=unit)))
    free = issuer.token(client_id="another", healthcareUnitHsaId="SE-other")
    assert (await checks.verify(Carrying(free))).unit == "SE-other"


async def test_a_client_that_asks_too_often_is_told_so_and_others_are_not(issuer: TestIssuer) -> None:
    trusted = TrustedIssuer(issuer.url, issuer.jwks_uri)
    limit = RateLimit(1, Clock())
    checks = TokenVerifier([trusted], AUDIENCE, clock=time.time, monotonic=Clock(), limit=limit)  # noqa: TID251 - tokens carry real times
    often = Carrying(issuer.token(client_id="often"))
    for _ in range(2):
        await checks.verify(often)
    with pytest.raises(TooManyRequests):
        await checks.verify(often)
    await checks.verify(Carrying(issuer.token(client_id="seldom")))
