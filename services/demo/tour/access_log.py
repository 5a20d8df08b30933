"""The access log shows who read what, and on what ground."""

from typing import Any, Final

from services.demo.tour.case import Case, entries
from services.demo.tour.page import require

MOST_SHOWN: Final = 6


def access_log_tells(case: Case) -> None:
    """The region's privacy officer looks up who of the region has been in the person's record."""
    officer, person, plan = case.parties["officer"], case.found["person"], case.found["plan"]
    case.page.step("The region's privacy officer looks up who read", "FHIR R4, AuditEvent")
    found = officer.expect(officer.get("/AuditEvent", patient=f"Patient/{person}", _count="100"), 200).json
    rows = entries(found)
    own = case.found["doctors employee"]
    reads = [
        one for one in rows if own in str(one.get("agent")) and f"CarePlan/{plan}" in str(one.get("entity"))
    ]
    require(reads, "the doctor's reading of the plan is not in the log")
    case.page.proof(
        f"{len(rows)} accesses by the region; the doctor's own are among them, with their ground:"
    )
    for row in reads[:MOST_SHOWN]:
        case.page.proof(_told(row))


def _told(row: dict[str, Any]) -> str:
    agent = row["agent"][0]
    who = agent.get("who", {}).get("identifier", {}).get("value", "?")
    return f"{row['recorded']}  {row.get('action', '?')}  {who}  {row.get('outcomeDesc') or row['type'].get('code')}"
