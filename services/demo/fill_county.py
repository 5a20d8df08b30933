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
PAUSES: Final = (0.2, 0.5, 1.0, 1.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0)  # seconds after each 503


class SystemPost:
    """Posts each transaction with a token of the writing unit's own system."""

    def __init__(
        self, http: httpx2.AsyncClient, fhir: str, token_url: str, secrets: Mapping[str, str]
    ) -> None:
        """Take a client, the service's FHIR base, where tokens are, and the systems' secrets."""
        self._http, self._fhir, self._token_url, self._secrets = http, fhir, token_url, secrets
        self._tokens: dict[str, tuple[str, float]] = {}

    async def __call__(self, load: Load, body: bytes) -> Resource:
        """Post the Bundle and give the transaction-response; raises LoadRefused.

        On a machine that is busy with other things the service may say 503: nothing was changed, try again.
        """
        answer = await self._once(load, body)
        for pause in PAUSES:
            if answer.status_code != 503:
                break
            await asyncio.sleep(pause)
            answer = await self._once(load, body)
        if answer.status_code == 200:
            response: Resource = answer.json()
            return response
        raise LoadRefused(f"{load.label}: {answer.status_code} {answer.text[:600]}")

    async def _once(self, load: Load, body: bytes) -> httpx2.Response:
        token = await self._token(load)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/fhir+json"}
        try:
            return await self._http.post(self._fhir, content=body, headers=headers)
        except httpx2.HTTPError as failure:
            raise LoadRefused(f"{load.label}: {type(failure).__name__}") from failure

    async def _token(self, load: Load) -> str:
        token, until = self._tokens.get(load.unit_hsa, ("", 0.0))
        if until < time.monotonic():
            client_id = SYSTEM_OF_GIVER[load.giver_hsa]
            form = {"grant_type": "client_credentials", "unit": load.unit_hsa}
            given = await self._http.post(
                self._token_url, data=form, auth=(client_id, self._secrets[client_id])
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
        post = SystemPost(http, f"{addresses.public_base}/fhir", f"{addresses.issuer}/token", secrets)
        try:
            with shown(sum(len(load.bundle["entry"]) for load in loads)) as progress:
                report = await load_county(loads, post, progress)
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
