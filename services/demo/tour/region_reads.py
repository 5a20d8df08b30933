"""The region's doctor reads the plan by FHIR; another region finds nothing, and nothing that tells there is."""

import uuid

from services.demo.tour.case import Case, entries
from services.demo.tour.page import require


def doctor_reads_the_plan(case: Case) -> None:
    """Read the plan, its goals and its tasks as the region's EHR does."""
    doctor, plan = case.parties["doctor"], case.found["plan"]
    case.page.step("The region's doctor reads the same plan", "FHIR R4")
    read = doctor.expect(doctor.get(f"/CarePlan/{plan}"), 200).json
    require(read["status"] == "active", f"the plan is {read['status']}, not active")
    case.page.proof(f"«{read['title']}», active, version {read['meta']['versionId']}; one plan, typed once")
    found = doctor.expect(doctor.get("/Task", **{"based-on": f"CarePlan/{plan}"}), 200).json
    tasks = [one for one in entries(found) if one["resourceType"] == "Task"]
    require(tasks, "no task of the plan was found")
    case.page.proof(f"{len(tasks)} tasks, each with the unit that answers for it")


def another_region_finds_nothing(case: Case) -> None:
    """What a stranger may not see is answered as what is not there, to the byte."""
    stranger, plan = case.parties["stranger"], case.found["plan"]
    case.page.step("A doctor in another region asks for it", "FHIR R4")
    nowhere = str(uuid.uuid4())
    hidden = stranger.expect(stranger.get(f"/CarePlan/{plan}"), 404)
    absent = stranger.expect(stranger.get(f"/CarePlan/{nowhere}"), 404)
    same = hidden.content.replace(plan.encode(), nowhere.encode()) == absent.content
    require(same, "the two answers differ: the plan's existence leaks")
    case.page.proof(
        "but for the id that was asked for, it is the answer for a plan that does not exist, to the byte"
    )
