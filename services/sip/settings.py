"""Settings of sip's processes: read once, by main; nobody else imports this."""

from pathlib import Path

from pydantic import PositiveFloat, PositiveInt
from pydantic_settings import SettingsConfigDict

from services.chassis.settings import ServiceSettings


class SipSettings(ServiceSettings):
    """Every value comes from the environment, SAMPLAN_SIP_…; a missing one stops the start."""

    model_config = SettingsConfigDict(env_prefix="SAMPLAN_SIP_", frozen=True)

    mongo_database: str = "samplan_sip"
    port: PositiveInt = 8000
    notify_url: str = "http://127.0.0.1:8001"
    client_requests_per_second: PositiveFloat = 500.0
    commit_deadline_seconds: PositiveFloat = 3.0
    relay_poll_seconds: PositiveFloat = 2.0
    seal_key: str = ""
    """Ed25519 private JWK that seals the access log; without it the relay does not seal, and says so."""
    seal_earlier_keys: tuple[str, ...] = ()
    """Public JWKs that sealed before; `samplan sip verify-log` still counts on them."""
    seal_every_seconds: PositiveFloat = 1.0
    seal_roots_file: Path | None = None
    follow_up_date_required: bool = True
    what_matters_required: bool = True
