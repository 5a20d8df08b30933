"""The demo's programs: each one's command, and the environment that tells it about the others."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.demo.addresses import HOST, Addresses
from services.demo.child import Program
from services.demo.demo_directory import DemoDirectory
from services.demo.mongod import mongod_command
from services.demo.personas import NOTIFY, SIP
from services.demo.store import NOTIFY_DATABASE, SIP_DATABASE

STOP_ORDER: Final = (
    ("sip measures", "sip relay", "notify worker"),
    ("sip api", "notify api"),
    ("authorization server",),
    ("mongod",),
)
LOOPBACK_HOOKS: Final = (
    {"host": "127.0.0.1", "networks": ["127.0.0.1/32"], "plain_http": True},
    {"host": "localhost", "networks": ["127.0.0.1/32", "::1/128"], "plain_http": True},
)
"""Where the demo's notifications may be sent: to any port of this machine, and nowhere else."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every service must be told: where the others are, and its own secrets."""

    addresses: Addresses
    mongo_url: str
    secrets: Mapping[str, str]
    seal_key: str

    def shared(self, prefix: str, client_id: str, database: str) -> dict[str, str]:
        """Give the settings that both services have, under a service's prefix."""
        issuer = self.addresses.issuer
        settings = {
            "MONGO_URL": self.mongo_url,
            "MONGO_DATABASE": database,
            "PUBLIC_BASE": self.addresses.public_base,
            "ISSUERS": json.dumps([{"issuer": issuer, "jwks_uri": f"{issuer}/jwks"}]),
            "TOKEN_URL": f"{issuer}/token",
            "CLIENT_ID": client_id,
            "CLIENT_SECRET": self.secrets[client_id],
            "HOST": HOST,
        }
        return {prefix + name: value for name, value in settings.items()}


def mongod_program(binary: Path, directory: DemoDirectory, port: int) -> Program:
    """Give the embedded mongod; it is let finish what it writes even when everything else is hurried."""
    directory.mongo.mkdir(exist_ok=True)
    command = mongod_command(binary, directory.mongo, port)
    return Program("mongod", tuple(command), patience=5.0, may_be_hurried=False)


def authorization_program(directory: DemoDirectory, addresses: Addresses) -> Program:
    """Give the authorization server."""
    name = "authorization server"
    module = "services.demo.authorization_server.main"
    command = (sys.executable, "-m", module, str(directory.path), str(addresses.first_port))
    return Program(name, command, ready_url=f"{addresses.url(name)}/readyz")


def service_programs(around: Surroundings) -> list[Program]:
    """Give the five processes of the two services, as they are run in production too."""
    addresses = around.addresses
    sip = {
        **around.shared("SAMPLAN_SIP_", SIP.client_id, SIP_DATABASE),
        "SAMPLAN_SIP_NOTIFY_URL": addresses.url("notify api"),
        "SAMPLAN_SIP_CLIENT_REQUESTS_PER_SECOND": "100000",  # the demo is there to be measured, too
    }
    notify = {
        **around.shared("SAMPLAN_NOTIFY_", NOTIFY.client_id, NOTIFY_DATABASE),
        "SAMPLAN_NOTIFY_SIP_URL": addresses.url("sip api"),
        "SAMPLAN_NOTIFY_SUBSCRIPTION_BASE": addresses.url("notify api"),  # no ingress stands before us
        "SAMPLAN_NOTIFY_ALLOWED_ENDPOINTS": json.dumps(LOOPBACK_HOOKS),
        "SAMPLAN_NOTIFY_LEASE_SECONDS": "6",  # who watches a worker die waits no longer than that for the next
    }
    return [
        _service("sip api", "SAMPLAN_SIP_PORT", sip, addresses),
        _service("sip relay", "SAMPLAN_SIP_PORT", sip | {"SAMPLAN_SIP_SEAL_KEY": around.seal_key}, addresses),
        _service("sip measures", "SAMPLAN_SIP_PORT", sip, addresses),
        _service("notify api", "SAMPLAN_NOTIFY_PORT", notify, addresses),
        _service("notify worker", "SAMPLAN_NOTIFY_PORT", notify, addresses),
    ]


def _service(name: str, port: str, environment: dict[str, str], addresses: Addresses) -> Program:
    command = (sys.executable, "-m", "services.cli", *name.split())
    own = environment | {port: str(addresses.port(name))}
    return Program(name, command, own, ready_url=f"{addresses.url(name)}/readyz")
