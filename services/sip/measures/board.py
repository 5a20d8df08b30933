"""What the process shows of the figures: held in memory, so that a scrape waits for nobody."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from services.sip.measures.metrics import METRICS, Metric
from services.sip.measures.published import Publication

OUTCOMES = ("kept", "overtaken", "failed")


class Board(Collector):
    """Holds the newest publication; a metric of which nothing may be told has no series."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Register with the process's metrics."""
        self.edition = 0
        self.leads = False
        self._publication = Publication({}, 0)
        self._computed = self._seconds = 0.0
        self._rounds = Counter(
            "sip_measures_computations",
            "Computations of the business figures by this process.",
            ("outcome",),
            registry=registry,
        )
        for outcome in OUTCOMES:
            self._rounds.labels(outcome)
        registry.register(self)

    def count(self, outcome: str) -> None:
        """Count one computation by how it ended."""
        self._rounds.labels(outcome).inc()

    def show(self, publication: Publication, edition: int, computed: float, seconds: float) -> None:
        """Put up a new edition; `computed` as seconds since 1970, `seconds` as it took."""
        self._publication, self.edition = publication, edition
        self._computed, self._seconds = computed, seconds

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name the metrics without their values."""
        return iter([*(_family(metric) for metric in METRICS), *self._about()])

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give the metrics with their values."""
        for metric in METRICS:
            family = _family(metric)
            for labels, value in self._publication.series.get(metric, ()):
                family.add_metric(labels, value)
            yield family
        yield from self._about()

    def _about(self) -> Iterator[GaugeMetricFamily]:
        if self.edition:
            yield GaugeMetricFamily(
                "sip_measures_last_success_timestamp_seconds",
                "When the figures were last computed, by whichever process.",
                self._computed,
            )
            yield GaugeMetricFamily(
                "sip_measures_duration_seconds", "How long that computation took.", self._seconds
            )
        yield GaugeMetricFamily(
            "sip_measures_lease_held",
            "1 in the process that computes, 0 in those standing by.",
            float(self.leads),
        )
        yield GaugeMetricFamily(
            "sip_measures_municipalities_withheld",
            "Municipalities left out because their series would exceed the budget.",
            self._publication.withheld,
        )


def _family(metric: Metric) -> GaugeMetricFamily:
    return GaugeMetricFamily(metric.name, metric.help, labels=metric.labels)
