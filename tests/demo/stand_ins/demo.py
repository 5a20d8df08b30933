"""Stands in for `samplan demo`: the real supervisor over stand-in services and, if asked, a real mongod.

Usage: demo.py FOLDER KIND ...; a kind is service, stubborn, doomed or mongod. Prints "Ready" when all are up.
"""

import asyncio
import os
import sys
from pathlib import Path

from services.demo.addresses import free_port
from services.demo.child import Program
from services.demo.demo_directory import DemoDirectory
from services.demo.mongod import mongod_command, wait_for_primary
from services.demo.mongod_binary import find_mongod
from services.demo.obstacle import Obstacle
from services.demo.stop_signals import StopSignals
from services.demo.supervisor import Supervisor

SERVER = Path(__file__).with_name("server.py")


def say(line: str) -> None:
    print(line, flush=True)


def program(kind: str, directory: DemoDirectory, port: int) -> Program:
    if kind == "mongod":
        directory.mongo.mkdir(exist_ok=True)
        mongod = mongod_command(find_mongod(os.environ), directory.mongo, port)
        return Program(kind, tuple(mongod), patience=5.0, may_be_hurried=False)
    if kind == "doomed":
        return Program(kind, (sys.executable, "-c", "print('no settings'); raise SystemExit(3)"))
    command = (sys.executable, str(SERVER), str(port), kind)
    return Program(kind, command, ready_url=f"http://127.0.0.1:{port}/", patience=0.5)


async def main(folder: Path, kinds: list[str]) -> None:
    directory = DemoDirectory(folder)
    with directory.held():
        signals = StopSignals(say)
        signals.listen()
        supervisor = Supervisor(directory, say)
        ports = {kind: free_port() for kind in kinds}
        programs = [program(kind, directory, port) for kind, port in ports.items()]

        async def bring_up() -> None:
            supervisor.begin(programs)
            if "mongod" in kinds and not await wait_for_primary(ports["mongod"], seconds=20):
                raise Obstacle("no primary")
            await supervisor.wait_until_ready(programs, seconds=20)
            while "doomed" in kinds:
                supervisor.see_it_stays_up("doomed")
                await asyncio.sleep(0.05)
            supervisor.note(state="ready")
            say("Ready")

        await supervisor.run(bring_up(), signals, [[kind for kind in kinds if kind != "mongod"]])


if __name__ == "__main__":
    try:
        asyncio.run(main(Path(sys.argv[1]), sys.argv[2:]))
    except Obstacle as reason:
        sys.exit(str(reason))
