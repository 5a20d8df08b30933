"""Units are told by the ways they set: real mail over TLS, a real gateway, and channels from outside."""

import json
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from services.notify.channels.kinds.mail import Mail, MailOptions
from services.notify.domain.delivery import Letter, Result, to_way
from services.notify.domain.ways import Way, Ways
from services.notify.settings import NotifySettings
from tests.issuer import TestIssuer
from tests.loopback import LoopbackServer
from tests.notify.asking import OTHER_UNIT, UNIT, Client, event, eventually
from tests.notify.certificates import Certified, certified
from tests.notify.channels.mail_server import MailServer
from tests.notify.conftest import settings_of
from tests.notify.domain.made import NOW, record_event
from tests.notify.record_stand_in import RecordStandIn
from tests.notify.sink import Received, Sink

WAYS = "/api/v1/contact-ways"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return certified("localhost", tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def mail(certificate: Certified) -> Iterator[MailServer]:
    with MailServer(certificate.certificate, certificate.key) as running:
        yield running


@pytest.fixture
def settings(  # noqa: PLR0917 - the parts of one notify
    mongo_url: str,
    issuer: TestIssuer,
    record: RecordStandIn,
    mail: MailServer,
    sink: Sink,
    certificate: Certified,
    tmp_path: Path,
) -> NotifySettings:
    link = "https://samplan.test/inkorg"
    channels = {
        "email": {
            "host": "localhost", "port": mail.port, "sender": "samplan@region.test", "link": link,
            "domains": ["kommun.se"],
        },
        "sms": {"url": f"{sink.url}/sms", "authorization": "Key k", "link": link, "plain_http": True,
                "fields": {"to": "msisdn", "text": "text", "id": "ref"}},
        "postcard": {"file": str(tmp_path / "box")},
    }  # fmt: skip
    return settings_of(
        mongo_url,
        issuer,
        record.url,
        channels=channels,
        channel_modules=("tests.notify.channels.postcard",),
        ca_file=certificate.authority,
    )


def set_ways(client: Client, *ways: dict[str, Any], **more: Any) -> None:
    answer = client("PUT", WAYS, json={"ways": list(ways), **more})
    assert answer.status_code == 200, answer.text


EMAIL = {"channel": "email", "address": "inkorg@kommun.se"}
SMS = {"channel": "sms", "address": "+46 70-174 06 05"}


def test_a_mail_says_that_there_is_something_and_nothing_of_whom_or_what(
    client: Client, worker: LoopbackServer, mail: MailServer
) -> None:
    set_ways(client, EMAIL)
    client.post_event(event(focus="CarePlan/c1", person="Patient/p1"))

    [message] = eventually(lambda: mail.received)
    assert message["To"] == "inkorg@kommun.se"
    assert message["Subject"] == "Samplan: nytt i er inkorg"
    assert "https://samplan.test/inkorg" in message.get_content()
    assert not [
        word for word in ("CarePlan", "Patient", "c1", "p1", "plan.activated") if word in str(message)
    ]
    [shown] = eventually(lambda: client.deliveries(state="delivered"))
    assert message["Message-ID"] == f"<{shown['webhook_id']}@region.test>"
    assert client.inbox()["unread"] == 1


def test_a_mail_that_was_put_off_comes_again_under_the_same_id_and_one_refused_is_set_aside(
    client: Client, worker: LoopbackServer, mail: MailServer
) -> None:
    set_ways(client, EMAIL)
    mail.answers = ["451 later", "421 later"]
    client.post_event(event())
    eventually(lambda: mail.received)
    [shown] = eventually(lambda: client.deliveries(state="delivered"))
    assert [(one["result"], one["status"]) for one in shown["attempts"]] == [
        ("refused", 451), ("refused", 421), ("ok", 250),
    ]  # fmt: skip

    mail.answers = ["554 no such mailbox"]
    client.post_event(event(seq=2))
    [dead] = eventually(lambda: client.deliveries(state="dead"))
    assert [(one["result"], one["status"]) for one in dead["attempts"]] == [("rejected", 554)]
    answer = client("POST", "/api/v1/deliveries/replay", json={})
    assert answer.json() == {"replayed": 1, "more": False}
    eventually(lambda: len(mail.received) == 2)


class OneWay:
    """Says that everybody wants mail."""

    async def of_unit(self, unit: str) -> Ways:
        return Ways(unit, {"email": Way("email", "inkorg@kommun.se")})


@pytest.mark.anyio
@pytest.mark.parametrize("flaw", ["no TLS", "another name", "an unknown authority", None])
async def test_no_mail_is_sent_without_tls_or_to_who_cannot_prove_its_name(
    certificate: Certified, flaw: str | None
) -> None:
    trust = ssl.create_default_context()
    if flaw != "an unknown authority":
        trust.load_verify_locations(certificate.authority)
    with MailServer(certificate.certificate, certificate.key, offers_tls=flaw != "no TLS") as server:
        host = "127.0.0.1" if flaw == "another name" else "localhost"
        options = MailOptions(host=host, port=server.port, sender="a@b.se", link="https://x.test")
        letter = Letter(to_way(record_event(), UNIT, "email", NOW))
        outcome = await Mail(options, OneWay(), trust, 5.0).send([letter], None, NOW)

    assert outcome.result is (Result.UNREACHABLE if flaw else Result.OK)
    assert len(server.received) == (0 if flaw else 1)


def test_what_waits_together_is_one_mail(
    client: Client, worker: LoopbackServer, mail: MailServer, record: RecordStandIn
) -> None:
    set_ways(client, EMAIL)
    record.down = True
    client.post_events([event(seq=n, person=f"Patient/p{n}") for n in range(5)])
    eventually(lambda: len(record.asked) > 5)
    record.down = False

    eventually(lambda: len(client.deliveries(state="delivered")) == 5)
    assert len(mail.received) == 1
    assert len({one["webhook_id"] for one in client.deliveries(state="delivered")}) == 1


def test_within_a_digest_and_in_quiet_hours_nothing_is_sent(
    client: Client, worker: LoopbackServer, mail: MailServer, sink: Sink
) -> None:
    set_ways(client, EMAIL | {"digest_minutes": 1}, SMS)
    client.post_event(event())
    eventually(lambda: sink.received)
    assert mail.received == []

    set_ways(client, SMS, quiet_hours={"from": "00:00", "to": "23:59:59.999"})
    client.post_event(event(seq=2))
    eventually(lambda: client.inbox()["unread"] == 2)
    eventually(lambda: len(client.deliveries(state="pending")) == 2)
    assert len(sink.received) == 1


def test_a_text_message_goes_through_the_gateway_as_it_wants_it(
    client: Client, worker: LoopbackServer, sink: Sink
) -> None:
    set_ways(client, SMS)
    failures = [503, 429]

    async def answer(_received: Received) -> Response:
        return Response(status_code=failures.pop() if failures else 200)

    sink.answer = answer
    client.post_event(event())

    *_, last = eventually(lambda: len(sink.received) == 3 and sink.received)
    assert len({one.headers["idempotency-key"] for one in sink.received}) == 1
    assert json.loads(last.raw) == {
        "msisdn": "+46701740605",
        "text": "Det finns nytt i er enhets inkorg i Samplan: https://samplan.test/inkorg",
        "ref": last.headers["idempotency-key"],
    }
    assert last.headers["authorization"] == "Key k"


def test_a_channel_is_added_by_one_file_from_outside(
    client: Client, worker: LoopbackServer, tmp_path: Path
) -> None:
    set_ways(client, {"channel": "postcard", "address": "Storgatan"})
    client.post_event(event())

    eventually((tmp_path / "box").exists)
    [shown] = eventually(lambda: client.deliveries(state="delivered"))
    assert (tmp_path / "box").read_text() == f"Storgatan {shown['webhook_id']}\n"


def test_a_unit_that_may_not_know_gets_no_mail_and_one_that_set_nothing_none_either(
    client: Client,
    client_of: Callable[..., Client],
    worker: LoopbackServer,
    mail: MailServer,
    record: RecordStandIn,
) -> None:
    set_ways(client, EMAIL)
    record.refuses = lambda question: question["unit"] == UNIT
    client.post_event(event(parties=[UNIT, OTHER_UNIT]))

    eventually(lambda: client.deliveries(state="withheld"))
    eventually(lambda: client_of(healthcareUnitHsaId=OTHER_UNIT).inbox()["unread"] == 1)
    assert mail.received == []


def test_a_unit_sets_its_own_ways_and_no_others(client: Client, client_of: Callable[..., Client]) -> None:
    quiet = {"from": "21:00:00", "to": "07:00:00"}
    set_ways(client, EMAIL | {"digest_minutes": 15, "groups": ["plan"]}, SMS, quiet_hours=quiet)

    read = client("GET", WAYS).json()
    assert read["quiet_hours"] == quiet
    assert [one["address"] for one in read["ways"]] == ["inkorg@kommun.se", "+46701740605"]
    assert client_of(healthcareUnitHsaId=OTHER_UNIT)("GET", WAYS).json()["ways"] == []
    assert client_of(scope="system/Subscription.r")("PUT", WAYS, json={"ways": []}).status_code == 403


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"ways": [EMAIL | {"address": "someone@elsewhere.se"}]}, "kommun.se"),
        ({"ways": [EMAIL | {"address": "a@kommun.se\r\nBcc: x@y.se"}]}, "ways[0].address"),
        ({"ways": [SMS | {"address": "070-1740605"}]}, "with its country"),
        ({"ways": [{"channel": "fax", "address": "1"}]}, "email, postcard, sms"),
        ({"ways": [EMAIL, EMAIL]}, "once"),
        ({"ways": [EMAIL | {"digest_minutes": 100000}]}, "digest_minutes"),
        ({"ways": [], "quiet_hours": {"from": "21:00", "to": "21:00"}}, "quiet_hours"),
        ({"ways": [], "quiet_hours": {"from": "25:00", "to": "21:00"}}, "quiet_hours"),
        ({"ways": "all"}, "ways"),
        ({"more": 1}, "more"),
    ],
)
def test_ways_that_make_no_sense_are_refused_with_the_place(
    client: Client, body: dict[str, Any], told: str
) -> None:
    answer = client("PUT", WAYS, json=body)

    assert answer.status_code == 400
    assert told in answer.json()["detail"]
