"""The business metrics: their names, their labels, and what each is made of; the one list of what Prometheus gets."""

from dataclasses import dataclass
from typing import Final

from services.sip.domain.codes import FIXED_DOCTOR
from services.sip.domain.continuity.profile import AGE_BANDS
from services.sip.domain.continuity.sip_process import QUESTIONS
from services.sip.measures import cells
from services.sip.measures.cells import Figure
from services.sip.measures.contributions import PLAN_STATUSES
from services.sip.measures.contributions_of_visits import PROFESSIONS
from services.sip.measures.indicators import BAND_NAMES, KINDS

SERIES_BUDGET: Final = 2000
"""The series that business figures may take of Prometheus."""
GROUPS: Final = 3 + (len(AGE_BANDS) + 2) + 3 + 6
"""Groups in all ways together, unknown among them: sex, age, interpreter, deprivation."""


@dataclass(frozen=True, slots=True)
class Metric:
    """One published metric; `series` is the most it has for one municipality, or one county where it is grouped.

    It shows the figure's own value, or the share of those who have among them and those `against`. With `first`, only
    cells whose first label has that value, and the label is left out.
    """

    name: str
    help: str
    figure: Figure
    series: int = 1
    against: Figure | None = None
    grouped: bool = False
    first: str = ""
    scale: int = 1
    """Prometheus wants base units: days are told in seconds."""

    @property
    def labels(self) -> tuple[str, ...]:
        """Name the labels."""
        own = self.figure.own[1:] if self.first else self.figure.own
        return (*own, *(("by", "group", "county") if self.grouped else ("municipality",)))


def _grouped(name: str, text: str, figure: Figure, own: int = 1, against: Figure | None = None) -> Metric:
    return Metric(name, text, figure, own * GROUPS, against, grouped=True)


PLANS_METRIC: Final = Metric(
    "sip_plans", "Coordinated individual plans by status, in fives.", cells.PLANS, len(PLAN_STATUSES)
)
OVERDUE_METRIC: Final = Metric(
    "sip_follow_ups_overdue",
    "Follow-ups of running plans whose day has passed, in fives.",
    cells.FOLLOW_UPS_OVERDUE,
)
COVERAGE_METRIC: Final = Metric(
    "sip_fixed_contact_coverage_ratio",
    "Share of residents who hold a fixed contact of the kind, among those who could.",
    cells.CONTACT_HELD,
    len(KINDS),
    cells.CONTACT_LACKED,
)
COC_METRIC: Final = Metric(
    "sip_coc_index_mean",
    "Mean continuity index (COC) at the listed unit: at least three visits in 18 months.",
    cells.COC_INDEX,
)
METRICS: Final = (
    PLANS_METRIC,
    OVERDUE_METRIC,
    COVERAGE_METRIC,
    COC_METRIC,
    Metric("sip_upc_index_mean", "Mean UPC index, of those in the COC index.", cells.UPC_INDEX),
    Metric("sip_secon_index_mean", "Mean SECON index, of those in the COC index.", cells.SECON_INDEX),
    Metric("sip_mmci_index_mean", "Mean MMCI index, of those in the COC index.", cells.MMCI_INDEX),
    Metric("sip_k_index_mean", "Mean K index, of those in the COC index.", cells.K_INDEX),
    Metric(
        "sip_coc_index_profession_mean",
        "Mean COC of visits to one profession alone.",
        cells.COC_BY_PROFESSION,
        len(PROFESSIONS),
    ),
    Metric(
        "sip_fixed_doctor_contacts",
        "Residents by completed years with their fixed doctor (fast läkarkontakt), in fives.",
        cells.CONTACT_BAND,
        len(BAND_NAMES),
        first=FIXED_DOCTOR.code,
    ),
    Metric("sip_home_care_staff_met_mean", "Mean staff met in fourteen days of home care.", cells.STAFF_MET),
    Metric(
        "sip_process_ratio",
        "Share of residents with plans of the last twelve months of whom the question is answered yes.",
        cells.SIP_YES,
        len(QUESTIONS),
        cells.SIP_NO,
    ),
    Metric(
        "sip_consent_to_call_mean_seconds",
        "Mean time from consent to call, in whole days, last twelve months.",
        cells.CALL_DAYS,
        scale=86_400,
    ),
    Metric("sip_attendance_mean", "Mean share of those invited who came to the meeting.", cells.ATTENDANCE),
    Metric("sip_goals_reached_mean", "Mean share of goals reached, of ended plans.", cells.GOALS_REACHED),
    Metric(
        "sip_reported_continuity_mean",
        "Mean continuity as residents report it, between 0 and 1.",
        cells.REPORTED,
    ),
    _grouped("sip_coc_index_by_group_mean", "Mean COC of a group of residents.", cells.COC_INDEX),
    _grouped(
        "sip_fixed_contact_coverage_by_group_ratio",
        "Share of a group of residents who hold a fixed contact of the kind.",
        cells.CONTACT_HELD,
        len(KINDS),
        cells.CONTACT_LACKED,
    ),
    _grouped(
        "sip_process_by_group_ratio",
        "Share of a group of residents with plans of whom the question is answered yes.",
        cells.SIP_YES,
        len(QUESTIONS),
        cells.SIP_NO,
    ),
    _grouped("sip_reported_continuity_by_group_mean", "Mean reported continuity of a group.", cells.REPORTED),
)
SERIES_OF_A_MUNICIPALITY: Final = sum(one.series for one in METRICS if not one.grouped)
SERIES_OF_A_COUNTY: Final = sum(one.series for one in METRICS if one.grouped)
