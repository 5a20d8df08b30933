"""A table that a lawyer can read, and every row of it tried on every type and interaction: over 5,000 cases.

What is expected comes from decisions.csv alone. `sees` says what of the plan the caller may see: all, none, one thing.
"""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from services.chassis.principal import Principal
from services.sip.domain.circle import readers_of_record
from services.sip.domain.errors import NotFound, RulesBroken
from services.sip.domain.events import parties_of
from services.sip.domain.held import Held
from services.sip.domain.sight import Sight
from services.sip.storage.documents import readable, reader_documents
from services.sip.use_cases.check_references import check_references
from services.sip.use_cases.check_updates import check_update
from services.sip.use_cases.drafts import Draft
from services.sip.use_cases.ports import Asking
from tests.sip.access.situations import CARING, CONTACT, NOW, OUTSIDE, PERSON, directory, reader_of, record

TABLE = Path(__file__).with_name("decisions.csv").read_text(encoding="utf-8")
ROWS = list(csv.DictReader(TABLE.splitlines()))
DIRECTORY = directory()
SEEN = {
    "all": set(CARING), "none": set(), "goal": {"Goal/1"}, "task": {"Task/1"}, "call": {"Communication/1"},
    "contact": {CONTACT},
}  # fmt: skip


def asking(caller: str) -> Asking:
    reader = reader_of(caller)
    person = reader.partition("/")[2] or None
    return Asking(Principal("somebody", "test", unit=None if person else reader, patient=person), NOW)


def reads(held: Held, caller: str) -> bool:
    """Judge by the filter that every query carries: read, search, history, count, include."""
    [wanted] = (one["$elemMatch"] for one in readable(Sight(reader_of(caller)), NOW).values())
    at, before = wanted["from"]["$lte"], wanted["until"]["$gt"]
    rights = (one for one in reader_documents(held.readers) if one["unit"] == wanted["unit"])
    return any(one["from"] <= at and one["until"] > before for one in rights)


def updates(held: Held, caller: str) -> bool:
    draft = Draft(held.type, held.resource, held.resource, held.key.partition("/")[2], replaces=1)
    try:
        check_update(draft, held, asking(caller))
    except NotFound:
        return False
    return True


def is_told(held: Held, caller: str) -> bool:
    reader = reader_of(caller)
    return any(one.unit == reader and one.holds_at(NOW) for one in held.readers) if "/" in reader else (
        reader in parties_of(held.readers, NOW, None)
    )  # fmt: skip


def refers(held: Held, caller: str) -> bool:
    """Judge by whether something new may refer to it."""
    basis = {"reference": held.key}
    new = {"resourceType": "Observation", "subject": {"reference": PERSON}, "derivedFrom": [basis]}
    draft = Draft("Observation", new, new, "new")
    after = {"Observation/new": Held("Observation/new", 1, new, PERSON)}
    try:
        check_references(
            [(draft, PERSON)], asking(caller), {held.key: held, PERSON: Held(PERSON, 1, {})}, after, {}
        )
    except RulesBroken:
        return False
    return True


INTERACTIONS: dict[str, Callable[[Held, str], bool]] = {
    "read": reads, "update": updates, "be told": is_told, "refer": refers
}  # fmt: skip


def test_the_table_is_large_enough() -> None:
    things = len(CARING) + 2
    assert len(ROWS) >= 100
    assert len(ROWS) * things * len(INTERACTIONS) >= 5000
    assert len({(*row.values(),) for row in ROWS}) == len(ROWS)
    assert all(row["paragraph"] for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(list(row.values())[:4]))
def test_each_row_holds_for_every_type_and_interaction(row: dict[str, str]) -> None:
    whole = record(row)
    readers = readers_of_record(whole, DIRECTORY, ())
    expected = SEEN[row["sees"]] | ({CONTACT, OUTSIDE} if row["relation"] in {"author", "person"} else set())
    wrong = [
        f"{caller} may {'' if allowed else 'not '}{name} {key} ({row['paragraph']})"
        for caller in (row["caller"],)
        for key in (*CARING, CONTACT, OUTSIDE)
        for name, allows in INTERACTIONS.items()
        if not (caller == "relative" and name in {"update", "refer"})  # relatives have no way in to write by
        and (allowed := allows(replace(whole[key], readers=readers[key]), caller)) != (key in expected)
    ]
    assert not wrong
