"""What main hands to /api/v1."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from prometheus_client import Counter

from services.chassis.tokens import TokenVerifier
from services.sip.domain.search_query import Condition
from services.sip.use_cases.drafts import Policy
from services.sip.use_cases.handover_ports import Handovers
from services.sip.use_cases.measure_ports import FiguresStore
from services.sip.use_cases.open_in_emergency import Emergencies
from services.sip.use_cases.ports import Store
from services.sip.use_cases.sample_ports import Samples
from services.sip.use_cases.seal_ports import SealedLog


class Wiring(Protocol):
    """The parts, each with what it is for."""

    @property
    def verifier(self) -> TokenVerifier:
        """What checks tokens."""

    @property
    def store(self) -> Store:
        """The record store and the access log."""

    @property
    def figures(self) -> FiguresStore:
        """Where the business figures are kept."""

    @property
    def seals(self) -> SealedLog:
        """The access log's seals."""

    @property
    def samples(self) -> Samples:
        """Samples of the access log."""

    @property
    def emergencies(self) -> Emergencies:
        """Where emergency access is granted."""

    @property
    def scope_query(self) -> Callable[[str, str, datetime], Condition | None]:
        """What reads the query of a scope, for a type and at a time."""

    @property
    def handovers(self) -> Handovers:
        """Where bulk handovers wait for the process that carries them out."""

    @property
    def policy(self) -> Policy:
        """What is the same for every request."""

    @property
    def refused_tokens(self) -> Counter:
        """Counts requests without a token that holds."""

    @property
    def clock(self) -> Callable[[], float]:
        """Seconds since 1970."""
