"""Entry of `samplan token`."""

import os

from services.demo.ask_token import ask_token
from services.demo.demo_directory import demo_directory
from services.demo.obstacle import Obstacle
from services.demo.personas import persona


def token(name: str, *, unit: str = "", scope: str = "") -> str:
    """Give a persona's access token, from the running demo; Obstacle when there is none."""
    if persona(name) is None:
        raise Obstacle(f"There is no persona {name!r}. Mend: samplan personas")
    asked = {"unit": unit, "scope": scope}
    return ask_token(
        demo_directory(os.environ), name, **{key: value for key, value in asked.items() if value}
    )
