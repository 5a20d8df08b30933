"""Settings of notify's processes: read once, by main; nobody else imports this."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, PositiveFloat, PositiveInt
from pydantic_settings import SettingsConfigDict

from services.chassis.settings import ServiceSettings
from services.notify.domain.endpoints import EndpointRule, rule_from
from services.notify.domain.retry import WAITS


class EndpointSetting(BaseModel):
    """A host that notifications may be sent to.

    `host` is a name, `*.` and a domain for all below it, or `*`; `networks` (CIDR) are needed for addresses
    that are not public; `plain_http` allows http; `ports` replace the scheme's own port.
    """

    host: str
    networks: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    plain_http: bool = False

    def rule(self) -> EndpointRule:
        """Give it in the form the rules take."""
        return rule_from(self.host, self.networks, self.ports, plain_http=self.plain_http)


class NotifySettings(ServiceSettings):
    """Every value comes from the environment, SAMPLAN_NOTIFY_…; a missing one stops the start."""

    model_config = SettingsConfigDict(env_prefix="SAMPLAN_NOTIFY_", frozen=True)

    mongo_database: str = "samplan_notify"
    """Where in MongoDB to keep events and deliveries."""
    port: PositiveInt = 8001
    """And on which port."""
    sip_url: str = "http://127.0.0.1:8000"
    """Where sip's API answers."""
    subscription_base: str | None = None
    """Where Subscription is served, if that is not the public base."""

    allowed_endpoints: tuple[EndpointSetting, ...] = ()
    """Where notifications may be sent; nowhere unless told."""

    ca_file: Path | None = None
    """Certificates trusted besides the system's, for endpoints with certificates of a private authority."""

    channels: dict[str, dict[str, Any]] = Field(default_factory=dict)
    """Channels offered to units, with their options, as JSON: {"email": {"host": …}, "sms": {"url": …}}."""

    channel_modules: tuple[str, ...] = ()
    """Python modules with further channels, each as those in services/notify/channels/kinds."""

    attempt_seconds: PositiveFloat = 15.0
    """How long one attempt may take."""
    retry_waits: tuple[float, ...] = WAITS
    """Seconds before each attempt; as many attempts as there are numbers."""

    keep_days: PositiveInt = 180
    """How long events and ended deliveries are kept."""

    lease_seconds: PositiveFloat = 20.0
    """How long the work of a worker that died waits for another."""
    poll_seconds: PositiveFloat = 1.0
    """How often a worker looks when nothing wakes it."""
    lanes: PositiveInt = 128
    """How much one worker does at once: in all,"""
    lanes_of_endpoint: PositiveInt = 8
    """for one endpoint,"""
    lanes_of_inbox: PositiveInt = 64
    """and for the inbox."""


class WorkerSettings(NotifySettings):
    """The worker's: another port unless told."""

    port: PositiveInt = 8005
    """And on which port."""
