"""`samplan demo`: everything up, in order, until asked to stop."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from services.demo import store
from services.demo.addresses import Addresses, addresses_from, free_port, is_free, see_ports_are_free
from services.demo.credentials import client_secrets, note_patient, seal_key, signing_key
from services.demo.demo_directory import DemoDirectory, demo_directory
from services.demo.fill_county import FORMAT, fill_county
from services.demo.mongod import mongod_url, see_it_is_a_replica_set, wait_for_primary
from services.demo.mongod_binary import find_mongod
from services.demo.obstacle import Obstacle
from services.demo.overview import Spoken
from services.demo.personas import clients
from services.demo.programs import (
    STOP_ORDER,
    Surroundings,
    authorization_program,
    mongod_program,
    service_programs,
)
from services.demo.stop_signals import StopSignals
from services.demo.supervisor import Supervisor

PRIMARY_WITHIN: Final = 60.0  # seconds; a database that was killed first reads its journal
READY_WITHIN: Final = 60.0


@dataclass(frozen=True, slots=True)
class Stage:
    """What one demo runs on; `mongo_url` is the user's own MongoDB, `binary` ours, and one of them is None."""

    directory: DemoDirectory
    addresses: Addresses
    mongo_url: str | None
    binary: Path | None
    today: date


def run_demo(environment: Mapping[str, str], today: date, spoken: Spoken) -> None:
    """Run until a signal asks to stop; Obstacle before anything is started, or when something fails."""
    directory = demo_directory(environment)
    with directory.held():
        addresses = addresses_from(environment)
        see_ports_are_free(addresses)
        mongo_url = environment.get("SAMPLAN_MONGO_URL") or None
        binary = None if mongo_url else find_mongod(environment)
        directory.put_old_logs_aside()
        asyncio.run(_serve(Stage(directory, addresses, mongo_url, binary, today), spoken))


def reset_demo(environment: Mapping[str, str]) -> None:
    """Forget all that the demo has stored; Obstacle while one is running."""
    directory = demo_directory(environment)
    with directory.held():
        if mongo_url := environment.get("SAMPLAN_MONGO_URL"):
            asyncio.run(_empty(mongo_url))
        directory.empty()


async def _empty(mongo_url: str) -> None:
    await see_it_is_a_replica_set(mongo_url)
    await store.empty(mongo_url)


async def _serve(stage: Stage, spoken: Spoken) -> None:
    signals = StopSignals(spoken.line)
    signals.listen()
    supervisor = Supervisor(stage.directory, spoken.line)
    supervisor.note(state="starting", first_port=stage.addresses.first_port)
    await supervisor.run(_bring_up(stage, supervisor, spoken), signals, STOP_ORDER)


async def _bring_up(stage: Stage, supervisor: Supervisor, spoken: Spoken) -> None:
    directory, addresses = stage.directory, stage.addresses
    spoken.begin(directory.path)
    signing_key(directory)
    secrets = client_secrets(directory, clients())
    authorization = authorization_program(directory, addresses)
    supervisor.begin([authorization])
    mongo_url = await _mongo(stage, supervisor)
    spoken.up("mongod", "SAMPLAN_MONGO_URL" if stage.mongo_url else mongo_url.partition("/?")[0])
    supervisor.note(mongo_url=mongo_url)

    county = await store.loaded_county(mongo_url)
    if county is None or county["format"] != FORMAT:
        county = None
        await store.empty(mongo_url)
    services = service_programs(Surroundings(addresses, mongo_url, secrets, seal_key(directory)))
    supervisor.begin(services)
    await supervisor.wait_until_ready([authorization, *services], seconds=READY_WITHIN)
    for program in (authorization, *services):
        spoken.up(program.name, addresses.url(program.name))

    if county is None:
        county = await fill_county(addresses, secrets, stage.today, spoken.loading)
        await store.note_loaded(mongo_url, county)
    note_patient(directory, "resident", county["resident"])
    supervisor.note(state="ready", county={"seed": county["seed"], "today": county["today"]})
    spoken.ready(addresses)


async def _mongo(stage: Stage, supervisor: Supervisor) -> str:
    """Start the embedded mongod unless the user has given a MongoDB, and see that it takes writes."""
    if stage.mongo_url:
        await see_it_is_a_replica_set(stage.mongo_url)
        return stage.mongo_url
    port = _port_of_last_time(stage.directory)
    supervisor.begin([mongod_program(stage.binary or Path("mongod"), stage.directory, port)])
    primary = asyncio.create_task(wait_for_primary(port, seconds=PRIMARY_WITHIN))
    while not primary.done():
        supervisor.see_it_stays_up("mongod")
        await asyncio.wait([primary], timeout=0.2)
    if not primary.result():
        raise Obstacle(f"mongod does not become ready. More in {stage.directory.log('mongod')}")
    return mongod_url(port)


def _port_of_last_time(directory: DemoDirectory) -> int:
    """Give the port that the replica set knows itself by, if it is free; another costs a reconfiguration."""
    kept = directory.path / "mongo-port"
    if kept.exists() and is_free(port := int(kept.read_text())):
        return port
    port = free_port()
    kept.write_text(str(port))
    return port
