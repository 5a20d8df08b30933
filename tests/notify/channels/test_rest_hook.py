"""The channel rest-hook: only to where the operator allows, only to who can prove its name."""

import ssl
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.responses import Response

from services.notify.channels.kinds.rest_hook import RestHook
from services.notify.domain.delivery import Letter, Outcome, Result, to_subscription
from services.notify.domain.endpoints import rule_from
from services.notify.domain.notification import Bases
from tests.notify.certificates import certified
from tests.notify.domain.made import NOW, held, record_event
from tests.notify.sink import Received, Sink

pytestmark = pytest.mark.anyio
BASES = Bases("https://samplan.test/fhir", "https://samplan.test/fhir")
LOOPBACK = ("127.0.0.0/8", "::1/128")


async def send(
    url: str, host: str, networks: tuple[str, ...] = LOOPBACK, trust: Path | None = None
) -> Outcome:
    """Send one event to an endpoint, under one rule."""
    context = ssl.create_default_context()
    if trust:
        context.load_verify_locations(trust)
    port = int(url.rpartition(":")[2].partition("/")[0])
    hook = RestHook((rule_from(host, networks, [port], plain_http=True),), BASES, 2.0, context)
    wanted = held(endpoint=url)
    delivery = replace(to_subscription(record_event(), wanted, NOW), number=1)
    try:
        return await hook.send([Letter(delivery)], wanted, NOW)
    finally:
        await hook.close()


async def test_a_name_that_resolves_to_loopback_is_not_called_unless_that_is_allowed(sink: Sink) -> None:
    url = f"http://localhost:{sink.port}/hook"

    assert (await send(url, "localhost", ())).result is Result.ADDRESS_REFUSED
    assert (await send(url, "*", ())).result is Result.ADDRESS_REFUSED
    assert (await send(url, "localhost", ("10.0.0.0/8",))).result is Result.ADDRESS_REFUSED
    assert sink.received == []

    assert (await send(url, "localhost")).result is Result.OK


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "0x7f.0.0.1", "2130706433", "0177.0.0.1", "0.0.0.0", "[::1]", "[::ffff:7f00:1]"],  # noqa: S104
)
async def test_no_form_of_address_gets_past_a_rule_for_public_hosts(sink: Sink, host: str) -> None:
    outcome = await send(f"http://{host}:{sink.port}/hook", "*", ())

    assert outcome.result in {Result.ADDRESS_REFUSED, Result.UNREACHABLE}
    assert sink.received == []


async def test_a_host_that_is_no_longer_allowed_is_not_called(sink: Sink) -> None:
    assert (await send(f"{sink.url}/hook", "ehr.example")).result is Result.ADDRESS_REFUSED
    assert sink.received == []


async def test_a_certificate_of_a_trusted_authority_for_the_right_name_is_needed(tmp_path: Path) -> None:
    made = certified("localhost", tmp_path)
    with Sink(ssl=made.ssl()) as sink:
        url = f"https://localhost:{sink.port}/hook"

        assert (await send(url, "localhost")).result is Result.UNREACHABLE
        assert sink.received == []
        assert (await send(url, "localhost", trust=made.authority)).result is Result.OK


@pytest.mark.parametrize(("name", "days"), [("other.example", 1), ("localhost", -1)])
async def test_a_certificate_for_another_name_or_time_is_not_accepted(
    tmp_path: Path, name: str, days: int
) -> None:
    made = certified(name, tmp_path, days=days)
    with Sink(ssl=made.ssl()) as sink:
        outcome = await send(f"https://localhost:{sink.port}/hook", "localhost", trust=made.authority)

        assert outcome.result is Result.UNREACHABLE
        assert sink.received == []


@pytest.mark.parametrize(
    ("status", "result"),
    [(200, Result.OK), (202, Result.OK), (301, Result.REFUSED), (404, Result.REFUSED), (410, Result.GONE)],
)
async def test_only_2xx_counts_as_taken(sink: Sink, status: int, result: Result) -> None:
    async def answer(_received: Received) -> Response:
        return Response(status_code=status)

    sink.answer = answer

    assert (await send(f"{sink.url}/hook", "127.0.0.1")).result is result


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 120.0),
        ("Mon, 02 Nov 2026 08:01:00 GMT", 60.0),
        ("Mon, 02 Nov 2020 08:01:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("9" * 40, 999999999.0),
        ("", None),
    ],
)
async def test_retry_after_is_read_as_seconds_or_date(sink: Sink, told: str, seconds: float | None) -> None:
    async def answer(_received: Received) -> Response:
        return Response(status_code=503, headers={"Retry-After": told})

    sink.answer = answer

    assert (await send(f"{sink.url}/hook", "127.0.0.1")).retry_after == seconds


async def test_nobody_listening_is_an_outcome_and_no_error() -> None:
    assert (await send("http://127.0.0.1:1/hook", "127.0.0.1")).result is Result.UNREACHABLE
    assert (await send("http://no.such.host.invalid:1/", "*")).result is Result.UNREACHABLE
