"""Asks the demo's authorization server for a persona's token, as any client would."""

import json
from typing import Any

import httpx2

from services.demo.addresses import Addresses
from services.demo.demo_directory import DemoDirectory
from services.demo.obstacle import Obstacle

TIMEOUT = 5.0


class NoDemoRuns(Obstacle):
    """No demo answers here."""


class TokenRefusedByServer(Obstacle):
    """The authorization server gave no token; the text is its own."""


def running_addresses(directory: DemoDirectory) -> Addresses:
    """Give the addresses of the demo that runs from this folder; NoDemoRuns says how to start one."""
    return Addresses(int(what_runs(directory)["first_port"]))


def what_runs(directory: DemoDirectory, *, ready: bool = False) -> dict[str, Any]:
    """Give the demo's note about itself; NoDemoRuns when there is none, or it is not ready where it must be."""
    running = directory.running()
    if running is None or "first_port" not in running:
        raise NoDemoRuns("No demo is running here. Mend: make demo (and wait for «Samplan is ready»)")
    if ready and running.get("state") != "ready":
        raise NoDemoRuns("The demo is not ready yet. Mend: wait for «Samplan is ready»")
    return running


def token_request(directory: DemoDirectory, client_id: str, **asked: str) -> dict[str, Any]:
    """Write what is posted to /token for a client of this demo, its kept secret included."""
    secrets: dict[str, str] = json.loads((directory.path / "credentials.json").read_text())
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secrets[client_id]}
    return form | asked


def ask_token(directory: DemoDirectory, client_id: str, **asked: str) -> str:
    """Give an access token of the running demo; `unit` and `scope` may be asked for."""
    addresses = running_addresses(directory)
    form = token_request(directory, client_id, **asked)
    try:
        answer = httpx2.post(f"{addresses.issuer}/token", data=form, timeout=TIMEOUT, trust_env=False)
    except httpx2.HTTPError:
        raise NoDemoRuns(
            f"The authorization server at {addresses.issuer} does not answer. Mend: make demo"
        ) from None
    if answer.status_code != 200:
        raise TokenRefusedByServer(str(answer.json().get("error_description", answer.text)))
    return str(answer.json()["access_token"])
