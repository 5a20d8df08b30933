"""Entry of the demo's commands: hands in the environment and the clock."""

import os
from datetime import UTC, datetime

from services.demo.ask_token import ask_token
from services.demo.demo_directory import demo_directory
from services.demo.obstacle import Obstacle
from services.demo.overview import Spoken, stdout_console
from services.demo.personas import persona
from services.demo.personas_table import personas_table
from services.demo.run_demo import reset_demo, run_demo


def demo() -> None:
    """Run the demo until it is stopped; Obstacle when it cannot come up."""
    run_demo(os.environ, datetime.now(UTC).date(), Spoken())


def reset() -> None:
    """Forget what the demo has stored."""
    reset_demo(os.environ)


def token(name: str, *, unit: str = "", scope: str = "") -> str:
    """Give a persona's access token, from the running demo; Obstacle when there is none."""
    if persona(name) is None:
        raise Obstacle(f"There is no persona {name!r}. Mend: samplan personas")
    asked = {"unit": unit, "scope": scope}
    return ask_token(
        demo_directory(os.environ), name, **{key: value for key, value in asked.items() if value}
    )


def personas() -> None:
    """Print who the personas are."""
    stdout_console().print(personas_table())
