"""Pages by key: what is not changed appears exactly once, whatever is changed between them."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.sip.harness import OTHER_DOCTOR, County
from tests.sip.search.asking import bundle, created, goal, issue, link, matches

Json = dict[str, Any]


def walked(client: httpx2.Client, address: str) -> Iterator[Json]:
    """Give each page, going on when the next is asked for."""
    following: str | None = address
    while following:
        found = bundle(client, following)
        yield found
        following = link(found, "next")


@pytest.mark.parametrize(
    "sort", ["", "&_sort=_lastUpdated", "&_sort=start-date", "&_sort=-start-date,_id", "&_sort=_id"]
)
def test_what_is_not_changed_appears_once_though_others_change_between_pages(
    served: County, nurse: httpx2.Client, person: str, goals: list[str], sort: str
) -> None:
    seen: list[str] = []
    changed = [goals[1], goals[3], goals[6]]
    for place, page in enumerate(walked(nurse, f"Goal?patient={person}&_count=2{sort}")):
        seen += matches(page)
        if place < len(changed):
            before = nurse.get(f"/fhir/{changed[place]}")
            moved = before.json() | {"startDate": f"2026-12-{28 - place}"}
            answer = nurse.put(
                f"/fhir/{changed[place]}", json=moved, headers={"If-Match": before.headers["etag"]}
            )
            assert answer.status_code == 200, answer.text
            created(nurse, goal(person, place + 10))
    assert [seen.count(one) for one in goals if one not in changed] == [1] * 4
    assert all(seen.count(one) <= 1 for one in seen)


def test_pages_follow_keys_and_each_says_where_the_first_is(
    nurse: httpx2.Client, person: str, goals: list[str]
) -> None:
    pages = list(walked(nurse, f"Goal?patient={person}&_count=3&_sort=start-date"))
    assert [matches(one) for one in pages] == [goals[:3], goals[3:6], goals[6:]]
    assert [bool(link(one, "next")) for one in pages] == [True, True, False]
    assert matches(bundle(nurse, link(pages[2], "first") or "")) == goals[:3]


def test_a_page_shows_nothing_that_somebody_else_may_not_see(
    served: County, nurse: httpx2.Client, person: str
) -> None:
    for place in range(3):
        created(nurse, goal(person, place))
    following = link(bundle(nurse, f"Goal?patient={person}&_count=1"), "next")
    with served.staff(OTHER_DOCTOR) as foreign:
        assert matches(bundle(foreign, following or "")) == []


def test_a_page_of_another_order_is_refused(nurse: httpx2.Client, person: str, goals: list[str]) -> None:
    assert goals
    following = link(bundle(nurse, f"Goal?patient={person}&_count=2&_sort=start-date"), "next") or ""
    answer = nurse.get("/fhir/" + following.replace("_sort=start-date", "_sort=start-date%2C_lastUpdated"))
    assert issue(answer)[0] == 400
    assert "_page" in issue(answer)[2]
