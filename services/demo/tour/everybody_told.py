"""Both webhooks have received each event, signed and in order; the nurse finds hers in the inbox too."""

import time
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from services.demo.tour.case import Case, Side
from services.demo.tour.page import NotProven, require
from services.demo.tour.party import Party


def both_sides_were_told(case: Case) -> None:
    """Wait until every version that the tour has caused has been told of, then look at each message."""
    case.page.step("Each side's webhook has received what the other side did", "standard-webhooks over HTTP")
    by_region = Counter({f"Task/{case.found['changed task']}": 1})
    for name, due in (("region", _versions(case) - by_region), ("municipality", by_region)):
        side, kinds = case.sides[name], Counter(focus.partition("/")[0] for focus in due.elements())
        case.receiver.wait(lambda side=side, due=due: not _missing(side, due), seconds=case.patience)  # type: ignore[misc]
        missing = _missing(side, due)
        require(
            not missing,
            f"the {name} was never told of {dict(missing)}; refused: {side.hook.faults or 'none'}",
        )
        case.receiver.wait(lambda side=side: not side.hook.gaps(), seconds=case.patience)  # type: ignore[misc]
        require(not side.hook.gaps(), f"the {name} misses events {side.hook.gaps()}")
        about = ", ".join(f"{count} × {kind}" for kind, count in sorted(kinds.items()))
        case.page.proof(f"{name}: all {due.total()} came ({about})")
        case.page.proof(
            f"{name}: numbers 1 to {max(side.hook.told)} without a gap, every signature holds, ids only, "
            f"{side.hook.repeats} came twice"
        )


def nurse_finds_it_in_her_inbox(case: Case) -> None:
    """A municipality without a webhook reads its inbox; reading leaves a receipt."""
    nurse = case.parties["nurses inbox"]
    case.page.step("The nurse finds the doctor's change in her unit's inbox", "plain JSON")
    about = f"Task/{case.found['changed task']}"
    first = nurse.expect(nurse.get("/inbox", unread="true"), 200).json
    found = _entry_about(about, first, nurse)
    until = time.monotonic() + case.patience
    while found is None and time.monotonic() < until:  # what else there is to tell may have come before
        time.sleep(0.5)
        found = _entry_about(about, nurse.quietly("GET", "/inbox?unread=true&limit=200").json, nurse)
    if found is None:
        raise NotProven(f"nothing about {about} among {first['unread']} unread entries")
    read = nurse.expect(nurse.post(f"/inbox/{found['id']}/receipt", None), 200).json
    require(read["read"], "the receipt was not noted")
    case.page.proof(f"{found['type']} about {about}; receipt by {read['receipts'][0]['reader']}")


def _entry_about(focus: str, page: Any, nurse: Party) -> Any:
    """Look through the inbox, page by page, for the change of this resource."""
    while True:
        for one in page["entries"]:
            if one["focus"] == focus and one["type"].endswith("task.changed"):
                return one
        if page["next"] is None:
            return None
        after = urlencode({"unread": "true", "limit": "200", "after": page["next"]})
        page = nurse.quietly("GET", f"/inbox?{after}").json


def _versions(case: Case) -> Counter[str]:
    """Count the versions of everything in the plan and of the call: each was one event for the other side."""
    doctor = case.parties["doctor"]
    plan = f"CarePlan/{case.found['plan']}"
    held = doctor.quietly("GET", f"/{plan}").json
    keys = [plan, f"Communication/{case.found['call']}"]
    keys += [one["reference"] for one in held.get("goal", [])]
    keys += [one["reference"]["reference"] for one in held.get("activity", [])]
    return Counter(
        {
            key: int(doctor.expect(doctor.quietly("GET", f"/{key}"), 200).json["meta"]["versionId"])
            for key in keys
        }
    )


def _missing(side: Side, expected: Counter[str]) -> Counter[str]:
    return expected - Counter(one.focus for one in side.hook.told.values())
