"""Loads the generated county through the public FHIR API, as the care givers' own systems."""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Final

import httpx2

from services.demo.addresses import Addresses
from services.demo.county.facts import resident_persona
from services.demo.county.fhir import Resource, urn
from services.demo.county.loader import LoadRefused, Progress, load_county
from services.demo.county.loads import SEED, Load, county
from services.demo.obstacle import Obstacle
from services.demo.personas import SYSTEM_OF_GIVER

FORMAT: Final = 1
"""Counts up when the county changes so that what stands in a database has to be loaded afresh."""

Shown = AbstractContextManager[Progress]
RENEW_BEFORE: Final = 60.0  # seconds
TIMEOUT: Final = 60.0


class SystemPost:
    """Posts each transaction with a token of the writing unit's own system."""

    def __init__(self, http: httpx2.AsyncClient, addresses: Addresses, secrets: Mapping[str, str]) -> None:
        """Take a client, where the demo is, and the systems' secrets."""
        self._http, self._addresses, self._secrets = http, addresses, secrets
        self._tokens: dict[str, tuple[str, float]] = {}

    async def __call__(self, load: Load, body: bytes) -> Resource:
        """Post the Bundle and give the transaction-response; raises LoadRefused."""
        headers = {
            "Authorization": f"Bearer {await self._token(load)}",
            "Content-Type": "application/fhir+json",
        }
        try:
            answer = await self._http.post(
                f"{self._addresses.public_base}/fhir", content=body, headers=headers
            )
        except httpx2.HTTPError as failure:
            raise LoadRefused(f"{load.label}: {type(failure).__name__}") from failure
        if answer.status_code != 200:
            raise LoadRefused(f"{load.label}: {answer.status_code} {answer.text[:600]}")
        response: Resource = answer.json()
        return response

    async def _token(self, load: Load) -> str:
        token, until = self._tokens.get(load.unit_hsa, ("", 0.0))
        if until < time.monotonic():
            client_id = SYSTEM_OF_GIVER[load.giver_hsa]
            form = {"grant_type": "client_credentials", "unit": load.unit_hsa}
            given = await self._http.post(
                f"{self._addresses.issuer}/token", data=form, auth=(client_id, self._secrets[client_id])
            )
            given.raise_for_status()
            token = str(given.json()["access_token"])
            self._tokens[load.unit_hsa] = (
                token,
                time.monotonic() + given.json()["expires_in"] - RENEW_BEFORE,
            )
        return token


async def fill_county(
    addresses: Addresses, secrets: Mapping[str, str], today: date, shown: Callable[[int], Shown]
) -> dict[str, Any]:
    """Load the county as it is today; give the facts that the marker keeps. Obstacle when it fails."""
    generated = await asyncio.to_thread(county, today)
    loads = await asyncio.to_thread(generated.loads)
    async with httpx2.AsyncClient(trust_env=False, timeout=TIMEOUT) as http:
        try:
            with shown(sum(len(load.bundle["entry"]) for load in loads)) as progress:
                report = await load_county(loads, SystemPost(http, addresses, secrets), progress)
        except (LoadRefused, httpx2.HTTPError) as failure:
            raise Obstacle(f"The county could not be loaded: {failure}. Mend: make demo") from None
    resident = report.placed[urn("patient", resident_persona(generated).key)]
    return {
        "format": FORMAT,
        "seed": SEED,
        "today": today.isoformat(),
        "entries": report.entries,
        "resident": resident.partition("/")[2],
    }
