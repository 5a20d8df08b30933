"""What no write gives cause to, found for the work list: contacts whose end has passed, whom frail people meet."""

from collections.abc import AsyncIterator, Collection, Sequence
from datetime import datetime
from typing import Any, Final

import orjson

from services.sip.domain.care.contact.attention import Cause, entry
from services.sip.domain.care.contact.codes import EXT_STANDS_IN_FOR, FRAIL, NO_SUCCESSOR, STAND_IN_OVER
from services.sip.domain.care.reading import extension, has_code, target
from services.sip.domain.codes import FIXED_CONTACT
from services.sip.domain.held import Place, Resource
from services.sip.domain.moments import span_of
from services.sip.storage.connection import Database
from services.sip.storage.store_answers import store_answers
from services.sip.use_cases.attention_ports import Concern, Frail

HELD_STILL: Final = ("status=active", "status=suspended")
MADE: Final = ("status=finished", "status=in-progress")
MET: Final = "participant>"
ORDER: Final = ("4", "1", "2", "3")
"""Whose unit looks at it first: who coordinates, then the other kinds."""


class MongoAttention:
    """Implements AttentionSource."""

    def __init__(self, db: Database) -> None:
        """Take the database."""
        self._records = db.records

    async def run_out(self, now: datetime, count: int) -> Sequence[Concern]:
        """Use the index of running contacts by their end; what has an entry already is left out."""
        wanted = {
            "type": "CareTeam",
            "current": True,
            "terms": "status=active",
            "dates.hi": {"$lte": now},
        }
        with store_answers():
            found = self._records.find(wanted, {"key": 1, "patient": 1, "body": 1}, hint="running_out")
            concerns = [
                await self._run_out(one, now) async for one in found.sort("dates.hi", 1).limit(count * 5)
            ]
        return [one for one in concerns if one is not None][:count]

    async def _run_out(self, document: dict[str, Any], now: datetime) -> Concern | None:
        team = orjson.loads(document["body"])
        end = team.get("period", {}).get("end")
        if not has_code(team.get("category"), FIXED_CONTACT) or not end or span_of(end)[0] > now:
            return None
        placed = await self._placed(team)
        if placed is None:
            return None
        reason = STAND_IN_OVER if extension(team, EXT_STANDS_IN_FOR) else NO_SUCCESSOR
        cause = Cause(reason, document["key"], document["patient"], end, placed[0])
        return None if await self.entered(f"Task/{entry(cause, end)['id']}") else Concern(cause, placed[1])

    async def entered(self, task: str) -> bool:
        """Look for its first version, so that an entry that was deleted counts as well."""
        with store_answers():
            return await self._records.find_one({"_id": f"{task}/1"}, {"_id": 1}) is not None

    async def frail(self, since: datetime, most: int) -> AsyncIterator[Frail]:
        """Walk those with the flag; count the roles they met, and the persons behind them where that may matter."""
        flagged = {
            "type": "Condition",
            "current": True,
            "terms": {"$all": [f"code={FRAIL.system}|{FRAIL.code}", "clinical-status=active"]},
        }
        with store_answers():
            async for one in self._records.find(flagged, {"patient": 1}, hint="terms"):
                met = await self._met(one["patient"], since)
                if len(met) > most and (persons := await self._persons_behind(met)) > most:
                    yield await self._frail(one["patient"], persons)

    async def _met(self, person: str, since: datetime) -> set[str]:
        wanted = {
            "patient": person,
            "type": "Encounter",
            "current": True,
            "terms": {"$in": list(MADE)},
            "dates": {"$elemMatch": {"param": "date", "hi": {"$gt": since}}},
        }
        found = self._records.find(wanted, {"terms": 1}, hint="person")
        return {
            term.removeprefix(MET)
            async for one in found
            for term in one["terms"]
            if term.startswith((f"{MET}Practitioner/", f"{MET}PractitionerRole/"))
        }

    async def _persons_behind(self, met: Collection[str]) -> int:
        roles = [key for key in met if key.startswith("PractitionerRole/")]
        found = self._records.find(
            {"key": {"$in": roles}, "current": True}, {"key": 1, "body": 1}, hint="current"
        )
        behind = {one["key"]: target(orjson.loads(one["body"]).get("practitioner")) async for one in found}
        return len({behind.get(key) or key for key in met})

    async def _frail(self, person: str, met: int) -> Frail:
        contacts = {
            "patient": person,
            "type": "CareTeam",
            "current": True,
            "terms": {"$in": list(HELD_STILL)},
        }
        found = self._records.find(contacts, {"key": 1, "body": 1}, hint="person")
        teams = [(one["key"], orjson.loads(one["body"])) async for one in found]
        teams = [(key, team) for key, team in teams if has_code(team.get("category"), FIXED_CONTACT)]
        for key, team in sorted(teams, key=lambda one: (_rank(one[1]), one[0])):
            if placed := await self._placed(team):
                return Frail(person, met, key, placed[1], placed[0])
        return Frail(person, met, None, Place(), None)

    async def _placed(self, team: Resource) -> tuple[str, Place] | None:
        """Give the holder's Organization, and the unit and care giver it stands for."""
        participant: Resource = next(iter(team.get("participant", ())), {})
        role = target(participant.get("member"))
        found = await self._records.find_one(
            {"key": role, "current": True}, {"place": 1, "body": 1}, hint="current"
        )
        unit = target(orjson.loads(found["body"]).get("organization")) if found else None
        if not found or not unit:
            return None
        place = found.get("place") or {}
        return unit, Place(place.get("unit"), place.get("giver"))


def _rank(team: Resource) -> int:
    codes = [
        coding.get("code")
        for role in team["participant"][0].get("role", ())
        for coding in role.get("coding", ())
    ]
    return min((ORDER.index(code) for code in codes if code in ORDER), default=len(ORDER))
