"""Figures behind authentication: exact indicators as JSON or CSV, and what a list would carry."""

from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, Query, Request, Response

from services.chassis.outcome import Told
from services.sip.api.dependencies import ThisDesk
from services.sip.api.guarded_route import GuardedRoute
from services.sip.api.models.figures import ListShown, SimulationAsked, SimulationShown
from services.sip.api.wiring import Wiring
from services.sip.domain.continuity.list_simulation import Doctors, ListOutlook
from services.sip.domain.errors import NotFound
from services.sip.use_cases.desk import Desk
from services.sip.use_cases.figures_as_csv import as_csv, chosen
from services.sip.use_cases.read_indicators import read_indicators
from services.sip.use_cases.read_resource import check_whole_scope
from services.sip.use_cases.simulate_list_load import list_of_unit, simulate_list_load

router = APIRouter(route_class=GuardedRoute, tags=["Figures"])
Way = Literal["all", "sex", "age", "interpreter", "deprivation", "unit"]


@router.get(
    "/indicators",
    summary="Read exact figures",
    response_class=Response,
    responses={200: {"content": {"application/json": {}, "text/csv": {}}}},
)
async def indicators(
    request: Request,
    desk: ThisDesk,
    indicator: Annotated[
        str | None, Query(max_length=64, description="One indicator alone, by its id")
    ] = None,
    by: Annotated[Way | None, Query(description="Counties by one way of grouping alone")] = None,
    format: Annotated[  # noqa: A002 - the parameter's name in the address
        Literal["json", "csv"] | None, Query(description="json unless told; or Accept: text/csv")
    ] = None,
) -> Any:
    """Give the newest exact figures: counts and indices that are published only rounded and suppressed.

    `rows` are by municipality, `strata` by county: as a whole (`all`), and by sex, age, interpreter, deprivation, unit.
    """
    figures = await _newest(request, desk)
    as_table = format == "csv" or (format is None and "text/csv" in request.headers.get("accept", ""))
    if indicator is None and by is None and not as_table:
        return Response(figures, media_type="application/json")
    exact = chosen(orjson.loads(figures), indicator, by)
    if not exact["indicators"]:
        text = f"There is no indicator {indicator!r}; /fhir/Measure lists them by id."
        raise NotFound(Told("not-found", text, "query: indicator"))
    if as_table:
        return Response(as_csv(exact), media_type="text/csv")
    return Response(orjson.dumps(exact), media_type="application/json")


async def _newest(request: Request, desk: Desk) -> bytes:
    await check_whole_scope("MeasureReport", "r", desk.asking, desk.store)
    wiring: Wiring = request.app.state.wiring
    figures = await read_indicators(wiring.figures)
    if figures is None:
        raise NotFound(Told("not-found", "No figures have been computed yet; `samplan sip measures` does."))
    return figures


@router.post("/list-load/simulations", summary="Simulate the load of a list")
async def simulate(request: Request, asked: SimulationAsked, desk: ThisDesk) -> SimulationShown:
    """Say how full a list would be: what if two doctors leave, one in training comes, three hundred list themselves?

    Nothing is stored.
    """
    await check_whole_scope("MeasureReport", "r", desk.asking, desk.store)
    wiring: Wiring = request.app.state.wiring
    if asked.unit is not None:
        listed, doctors = await list_of_unit(asked.unit, desk, wiring.figures)
    else:
        stated = asked.doctors
        listed = asked.listed or 0
        doctors = Doctors(stated.specialists, stated.st_doctors) if stated else Doctors()
    change = Doctors(asked.change.specialists, asked.change.st_doctors)
    found = simulate_list_load(listed, doctors, asked.change.listed, change)
    return SimulationShown(now=_shown(found.now), after=_shown(found.after))


def _shown(one: ListOutlook) -> ListShown:
    return ListShown(
        listed=one.listed,
        specialists=float(one.doctors.specialists),
        st_doctors=float(one.doctors.st_doctors),
        capacity=float(one.capacity),
        load=None if one.load is None else float(one.load),
        over=float(one.over),
        specialists_lacking=float(one.specialists_lacking),
    )
