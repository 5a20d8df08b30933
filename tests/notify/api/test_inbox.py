"""The organisation's inbox: who sees it, who has read it."""

from collections.abc import Callable

import pytest

from tests.loopback import LoopbackServer
from tests.notify.asking import OTHER_UNIT, UNIT, Client, event, eventually
from tests.notify.record_stand_in import RecordStandIn


def fill(client: Client, count: int) -> None:
    client.post_events([event(person=f"Patient/p{n}", seq=n) for n in range(count)])
    eventually(lambda: len(client.inbox(limit=200)["entries"]) == count)


def test_pages_tell_every_entry_once_latest_first(client: Client, worker: LoopbackServer) -> None:
    fill(client, 25)
    seen, after = [], None
    while True:
        page = client.inbox(limit=10, **({"after": after} if after else {}))
        seen += page["entries"]
        if not (after := page["next"]):
            break

    assert len({entry["id"] for entry in seen}) == len(seen) == 25
    arrived = [entry["arrived"] for entry in seen]
    assert arrived == sorted(arrived, reverse=True)


def test_a_receipt_says_who_has_read_and_when(
    client_of: Callable[..., Client], worker: LoopbackServer
) -> None:
    nurse = client_of(employeeHsaId="SE-nurse", scope="user/*.crus system/event.c")
    colleague = client_of(employeeHsaId="SE-colleague", scope="user/*.crus")
    fill(nurse, 2)
    first = nurse.inbox()["entries"][0]

    for reader in (nurse, nurse, colleague):
        assert reader("POST", f"/api/v1/inbox/{first['id']}/receipt").status_code == 200

    [read] = [entry for entry in colleague.inbox()["entries"] if entry["read"]]
    assert [receipt["reader"] for receipt in read["receipts"]] == ["SE-nurse", "SE-colleague"]
    assert all(receipt["at"] for receipt in read["receipts"])
    unread = colleague.inbox(unread="true")
    assert len(unread["entries"]) == unread["unread"] == 1


def test_nobody_reads_or_acknowledges_for_another_unit(
    client: Client, client_of: Callable[..., Client], worker: LoopbackServer
) -> None:
    other = client_of(healthcareUnitHsaId=OTHER_UNIT)
    fill(client, 1)
    [entry] = client.inbox()["entries"]

    assert other.inbox()["entries"] == []
    foreign = other("POST", f"/api/v1/inbox/{entry['id']}/receipt")
    absent = other("POST", "/api/v1/inbox/" + "0" * 32 + "/receipt")

    assert foreign.status_code == absent.status_code == 404
    assert foreign.text.replace(entry["id"], "0" * 32) == absent.text
    assert client.inbox()["entries"][0]["receipts"] == []


def test_a_unit_that_may_not_know_is_told_nothing(
    client: Client, worker: LoopbackServer, record: RecordStandIn
) -> None:
    record.refuses = lambda question: question["focus"] == "CarePlan/secret"
    client.post_events([event(focus="CarePlan/secret"), event(seq=2, focus="CarePlan/open")])

    [entry] = eventually(lambda: client.inbox()["entries"])

    assert entry["focus"] == "CarePlan/open"


def test_while_the_record_is_silent_nothing_is_told_and_nothing_is_lost(
    client: Client, worker: LoopbackServer, record: RecordStandIn
) -> None:
    record.down = True
    client.post_event(event())
    eventually(lambda: len(record.asked) >= 2)
    assert client.inbox()["entries"] == []

    record.down = False
    eventually(lambda: client.inbox()["entries"])


@pytest.mark.parametrize("claims", [{"scope": "user/AuditEvent.rs"}, {"healthcareUnitHsaId": None}])
def test_without_scope_or_unit_there_is_no_inbox(
    client_of: Callable[..., Client], claims: dict[str, str | None]
) -> None:
    assert client_of(**claims)("GET", "/api/v1/inbox").status_code == 403


@pytest.mark.parametrize(
    "query",
    [{"limit": "0"}, {"limit": "many"}, {"after": "x"}, {"unread": "$ne"}],
)
def test_parameters_that_make_no_sense_are_refused(client: Client, query: dict[str, str]) -> None:
    answer = client("GET", "/api/v1/inbox", params=query)

    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_a_privacy_officer_reads_the_care_givers_own_inbox_and_no_units(
    client: Client, client_of: Callable[..., Client], worker: LoopbackServer
) -> None:
    giver = UNIT.partition("-")[0]
    officer = client_of(
        healthcareProviderHsaId=giver, commissionPurpose="Loggkontroll", scope="user/AuditEvent.rs"
    )
    opened = event("emergency.opened", focus="AuditEvent/0123456789abcdef01234567", parties=[giver])
    client.post_events([opened, event(seq=2)])

    [entry] = eventually(lambda: officer.inbox()["entries"])
    [care] = eventually(lambda: client.inbox()["entries"])

    assert (entry["type"], entry["focus"]) == ("emergency.opened", opened["data"]["focus"])
    assert care["type"] == "plan.activated"
    assert officer("POST", f"/api/v1/inbox/{care['id']}/receipt").status_code == 404
    assert officer("POST", f"/api/v1/inbox/{entry['id']}/receipt").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/inbox",
        "/api/v1/inbox/news?wait=0",
        "/api/v1/inbox/stream",
        "/api/v1/deliveries",
        "/api/v1/contact-ways",
        "/fhir/Subscription",
    ],
)
def test_a_scope_for_one_patient_shows_nothing_that_a_unit_is_told(
    client_of: Callable[..., Client], path: str
) -> None:
    launched = client_of(scope="patient/*.cruds patient/CarePlan.rs patient/Subscription.cruds")
    assert launched("GET", path).status_code == 403
