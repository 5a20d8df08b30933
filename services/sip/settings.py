"""Settings of sip's processes: read once, by main; nobody else imports this."""

from pathlib import Path

from pydantic import BaseModel, Field, NonNegativeInt, PositiveFloat, PositiveInt
from pydantic_settings import SettingsConfigDict

from services.chassis.settings import ServiceSettings


class RetentionSetting(BaseModel):
    """Years that one responsible party keeps things; the law's least is the least."""

    log: int = Field(default=10, ge=5)
    health: int = Field(default=10, ge=10)
    social: int = Field(default=5, ge=5)


class SipSettings(ServiceSettings):
    """Every value comes from the environment, SAMPLAN_SIP_…; a missing one stops the start."""

    model_config = SettingsConfigDict(env_prefix="SAMPLAN_SIP_", frozen=True)

    mongo_database: str = "samplan_sip"
    """Where in MongoDB to keep the record."""
    port: PositiveInt = 8000
    """And on which port."""
    notify_url: str = "http://127.0.0.1:8001"
    """Where notify's API answers (relay)."""
    client_requests_per_second: PositiveFloat = 500.0
    """How much one client may ask for before it is told to wait."""
    commit_deadline_seconds: PositiveFloat = 3.0
    """How long one write may take."""
    relay_poll_seconds: PositiveFloat = 2.0
    """How often the relay looks when nothing wakes it."""
    clock_seconds: PositiveFloat = 15.0
    """How often the relay looks for what time has brought: due, overdue, deadlines."""
    measures_lease_seconds: PositiveFloat = 15.0
    """How long a measures process that died keeps the others from computing."""
    seal_key: str = ""
    """Ed25519 private JWK that seals the access log; without it the relay does not seal, and says so."""
    seal_earlier_keys: tuple[str, ...] = ()
    """Public JWKs that sealed before; `samplan sip verify-log` still counts on them."""
    seal_every_seconds: PositiveFloat = 1.0
    """How often the access log is sealed."""
    seal_roots_file: Path | None = None
    """A file outside the store that each seal is added to."""
    follow_up_date_required: bool = True
    """Agreed: a running plan has a date for its follow-up."""
    own_access_from_age: PositiveInt = 16
    """Agreed: from this age a young person reads the own record alone."""
    guardian_access_until_age: NonNegativeInt = 13
    """Agreed: until this age a guardian reads a child's record."""
    retention: RetentionSetting = RetentionSetting()
    """Years that the access log and records are kept (purge): JSON with log, health, social."""
    retention_of: dict[str, RetentionSetting] = Field(default_factory=dict)
    """The same for single care givers, by HSA-id, as JSON."""
    what_matters_required: bool = True
    """Agreed: the person was asked what matters before a plan runs."""
    care_contact_in_residential_care: bool = False
    """Agreed, or law once enacted: fast omsorgskontakt also in särskilt boende."""
    contact_gaps_stated: bool = True
    """Agreed: where nobody was fixed contact for a while, it is said why."""
    frail_meets_most_people: PositiveInt = 15
    """Agreed: who is frail and meets more persons than this is put on the work list …"""
    frail_meets_within_days: PositiveInt = 28
    """… when that is within so many days."""
    attention_seconds: PositiveFloat = 300.0
    """How often the relay looks for who is to be on the work list without anybody having written."""
