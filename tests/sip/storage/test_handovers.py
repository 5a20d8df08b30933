"""Bulk handovers as they are stored: of two requests under one key, one is the job, and its moves alone are made."""

import asyncio
from dataclasses import replace

import pytest

from services.sip.storage.mongo_handovers import MongoHandovers
from services.sip.use_cases.handover_ports import HandoverJob, Move
from tests.sip.storage.conftest import NOW, NURSE, Keeper

pytestmark = pytest.mark.anyio


def job(number: int, fingerprint: str) -> HandoverJob:
    return HandoverJob(
        f"job-{number}", NURSE, NOW, "2026-11-22T12:00:00Z", "staff-left", "nurse", fingerprint=fingerprint
    )


def moves(*contacts: str) -> list[Move]:
    return [Move(one, f"Patient/{one}", "PractitionerRole/r", "Organization/u") for one in contacts]


async def test_of_two_requests_at_once_under_one_key_only_the_moves_of_one_are_made(keeper: Keeper) -> None:
    handovers = MongoHandovers(keeper.db)
    for number in range(10):
        begun = await asyncio.gather(
            handovers.begin(job(number, "first"), moves("a1", "a2")),
            handovers.begin(job(number, "second"), moves("b1", "b2")),
        )
        waiting = await handovers.waiting(f"job-{number}", 10)

        assert begun[0].fingerprint == begun[1].fingerprint
        assert {one.contact[0] for one in waiting} == {"a" if begun[0].fingerprint == "first" else "b"}


async def test_a_request_that_died_before_its_moves_were_stored_is_finished_by_the_same_again(
    keeper: Keeper,
) -> None:
    handovers = MongoHandovers(keeper.db)
    await handovers.begin(job(1, "same"), moves("a1"))
    await keeper.db.handovers.update_one({"_id": "job-1"}, {"$set": {"ready": False}})
    await keeper.db.handover_moves.delete_many({})
    assert await handovers.unfinished() == []

    await handovers.begin(replace(job(1, "same"), text="later"), moves("a1", "a2"))

    assert [one.id for one in await handovers.unfinished()] == ["job-1"]
    assert [one.contact for one in await handovers.waiting("job-1", 10)] == ["a1", "a2"]
