"""What region and municipality agree on beyond the law: settings, each with where its default comes from."""

from dataclasses import dataclass, fields
from typing import Final

from services.sip.domain.minors import Ages

_PREFIX: Final = "agreed practice: setting "


@dataclass(frozen=True, slots=True)
class AgreedPractice:
    """A county's local agreement. A switch set to False drops every refusal that rests on it alone."""

    # The SIP process ends in follow-up (uppdragpsykiskhalsa.se, "SIP-process"); the laws name no date for it.
    follow_up_date_required: bool = True

    # "Vad är viktigt för dig?" is asked before the plan is made (Region Gävleborg, god och nära vård);
    # HSL 16 kap. 4 § and SoL 10 kap. 9 § ask only that the plan is made with the person.
    what_matters_required: bool = True

    # The duty to plan presupposes needs on both sides (HSL 16 kap. 4 §); no paragraph forbids a plan in which
    # one side answers for every intervention, so that it is refused is an agreement.
    interventions_from_both_principals: bool = True

    # A person who cannot consent is not to go without a plan (Region Jönköpings län, routine for SIP).
    plan_without_consent_when_unable: bool = True

    # From this age a young person may consent without a guardian. No law fixes an age for SIP; at 15
    # SoL 3 kap. 4 § and LSS 8 § let a child act; by FB 6 kap. 11 § its will counts for more each year.
    own_consent_from_age: int = 15

    # From this age a young person reads the own record alone, and until this age a guardian reads a child's.
    # No law names them; they are those of 1177. FB 6 kap. 11 §, OSL 12 kap. 3 §.
    own_access_from_age: int = 16
    guardian_access_until_age: int = 13

    # A plan that ends says why, so that outcomes can be followed up (our own indicators).
    end_reason_required: bool = True

    # Consent is given for a time (uppdragpsykiskhalsa.se, "SIP-process"; Region Jönköpings län, routine).
    consent_time_limited: bool = True

    # Oral consent is written down by the unit that took it (same sources).
    oral_consent_documented: bool = True

    # An ended plan, consent, contact, membership or task is not rewritten: what replaced it stands beside it.
    # PDL 3 kap. 14 § forbids erasing; that nothing is reopened either is agreed.
    life_cycles_kept: bool = True

    # The one who answers for a task says how it goes; the one who asked for it withdraws or hands it over.
    task_roles_kept: bool = True

    # A change of fixed contact says why: the continuity figures need it, and Inera's profile notes that
    # nobody can state it today (RIVCareManager 0.9).
    contact_reason_required: bool = True

    # Nobody is without contact between two, unless it is said why: what a region can show of continuity
    # stands or falls with it (our own register).
    contact_gaps_stated: bool = True

    # Fast omsorgskontakt also in särskilt boende: proposed from 1 July 2026 (prop. 2025/26:60), not verified as
    # enacted, so off until somebody has seen that it is, or has agreed on it.
    care_contact_in_residential_care: bool = False

    # No law says who a fast läkarkontakt is (HSL 7 kap. 3 §); regions agree on physicians, ST included
    # (Region Västmanland, fast läkarkontakt).
    doctor_contact_is_doctor: bool = True

    # One person coordinates overall (Inera's code 4 for fixed contacts); no law limits the number.
    one_coordinating_contact: bool = True

    # Who is frail and meets more persons than this in so many days is put on the work list. No law, no published
    # limit: chosen so that it is seldom (personalkontinuitet in home care lies near 15 in 14 days).
    frail_meets_most_people: int = 15
    frail_meets_within_days: int = 28

    # Days from consent to kallelse. At discharge 3 after the notice by law (lag 2017:612 4 kap. 3 §), for
    # other plans "utan dröjsmål" (HSL 16 kap. 4 §), "genast" (SoL 10 kap. 8 §). Never a reason to refuse.
    call_within_days: int = 3

    # Days from kallelse to meeting (Helsingborg, routine for SIP). Never a reason to refuse.
    meeting_within_days: int = 15

    @property
    def ages(self) -> Ages:
        """Give the ages that decide who near the person reads."""
        return Ages(self.own_access_from_age, self.guardian_access_until_age)


_NAMES: Final = frozenset(field.name for field in fields(AgreedPractice))


def agreed(setting: str) -> str:
    """Write the basis of a rule that rests on a setting; raises KeyError for one that does not exist."""
    if setting not in _NAMES:
        raise KeyError(setting)
    return _PREFIX + setting


def is_switched_off(basis: str, practice: AgreedPractice) -> bool:
    """Tell whether a refusal rests on nothing but a setting that this county has switched off."""
    return basis.startswith(_PREFIX) and getattr(practice, basis.removeprefix(_PREFIX)) is False
