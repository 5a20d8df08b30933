"""The doctor changes a task: with the version she has seen it works, with an older one it does not."""

from services.demo.tour.case import Case, entries
from services.demo.tour.page import require


def doctor_changes_a_task(case: Case) -> None:
    """Accept the region's own task with If-Match, then try the same with a stale version."""
    doctor, plan = case.parties["doctor"], case.found["plan"]
    case.page.step("The doctor takes on the region's task", "FHIR R4")
    bundle = doctor.quietly("GET", f"/Task?based-on=CarePlan/{plan}").json
    task = next(one for one in entries(bundle) if one.get("description") == case.found["regions task"])
    path = f"/Task/{task['id']}"
    before = doctor.expect(doctor.get(path), 200)
    changed = {**before.json, "status": "accepted"}
    after = doctor.expect(doctor.put(path, changed, before.etag, _shown("accepted")), 200)
    require(after.json["status"] == "accepted", f"the task is {after.json['status']}")
    case.found["changed task"] = task["id"]
    case.page.proof(f"requested → accepted, {before.etag} → {after.etag}")

    case.page.step("The same change once more, on the version that is no longer current", "FHIR R4")
    rejected = {**changed, "status": "rejected"}
    stale = doctor.expect(doctor.put(path, rejected, before.etag, _shown("rejected")), 412).json
    case.page.proof(
        f"refused: {stale['issue'][0].get('diagnostics') or stale['issue'][0]['details']['text']}"
    )
    now = doctor.quietly("GET", path).json
    require(now["status"] == "accepted", "the stale write changed the task all the same")
    case.page.proof("and the task is as it was")


def _shown(status: str) -> dict[str, str]:
    return {"resourceType": "Task", "…": "as it was read", "status": status}
