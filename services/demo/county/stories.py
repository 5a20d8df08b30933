"""The stories that plans tell, read from stories/*.toml: who the person is, what matters, who does what."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from services.demo.county.codes import (
    PLAN_CATEGORY_DISCHARGE,
    PLAN_CATEGORY_FOREIGN,
    PLAN_CATEGORY_LSS,
    PLAN_CATEGORY_SIP,
    Coding,
)

FOLDER: Final = Path(__file__).with_name("stories")
CATEGORIES: Final[dict[str, tuple[Coding, str]]] = {
    "sip": (PLAN_CATEGORY_SIP, "Samordnad individuell plan"),
    "discharge": (PLAN_CATEGORY_DISCHARGE, "Samordnad individuell plan vid utskrivning"),
    "lss": (PLAN_CATEGORY_LSS, "Individuell plan enligt LSS"),
    "foreign": (PLAN_CATEGORY_FOREIGN, "Vårdplan"),
}


@dataclass(frozen=True, slots=True)
class Deed:
    """Something to be done, and by whom: a kind of unit, or `self`, `relative`, `other`."""

    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """One situation in life; each of its `voices` becomes a plan of its own, in the status beside it."""

    key: str
    title: str
    ages: tuple[int, int]
    region: str
    municipal: tuple[str, ...]
    author: str
    statuses: tuple[str, ...]
    voices: tuple[str, ...]
    needs: tuple[str, ...]
    goals: tuple[str, ...]
    question: str
    outcome: str
    interventions: tuple[Deed, ...]
    others: tuple[Deed, ...]
    category: str
    relation: str
    end: str
    ground: str
    without_consent: tuple[int, ...]
    waiver: bool

    @property
    def parties(self) -> tuple[str, ...]:
        """Give the kinds of unit that take part, the region's first."""
        return (self.region, *self.municipal)


@cache
def stories() -> tuple[Story, ...]:
    """Give every story, by file and then in the order of the file."""
    files = sorted(FOLDER.glob("*.toml"))
    told = [tomllib.loads(path.read_text(encoding="utf-8"))["story"] for path in files]
    return tuple(_story(one) for file in told for one in file)


def _story(told: dict[str, Any]) -> Story:
    def several(name: str) -> tuple[Any, ...]:
        return tuple(told.get(name, ()))

    return Story(
        key=told["key"],
        title=told["title"],
        ages=(told["ages"][0], told["ages"][1]),
        region=told["region"],
        municipal=several("municipal"),
        author=told["author"],
        statuses=several("statuses"),
        voices=several("voices"),
        needs=several("needs"),
        goals=several("goals"),
        question=told["question"],
        outcome=told["outcome"],
        interventions=tuple(Deed(**one) for one in several("interventions")),
        others=tuple(Deed(**one) for one in several("others")),
        category=told.get("category", "sip"),
        relation=told.get("relation", ""),
        end=told.get("end", "goals-reached"),
        ground=told.get("ground", ""),
        without_consent=several("without_consent"),
        waiver=told.get("waiver", False),
    )
