"""What is the same for every request and every job: our address, what the county agreed on, where ids come from."""

import uuid

from services.sip.domain.care import AgreedPractice
from services.sip.settings import SipSettings
from services.sip.use_cases.drafts import Policy


def policy_of(settings: SipSettings) -> Policy:
    """Make it from the settings."""
    agreed = AgreedPractice(
        follow_up_date_required=settings.follow_up_date_required,
        what_matters_required=settings.what_matters_required,
        own_access_from_age=settings.own_access_from_age,
        guardian_access_until_age=settings.guardian_access_until_age,
        care_contact_in_residential_care=settings.care_contact_in_residential_care,
        contact_gaps_stated=settings.contact_gaps_stated,
        frail_meets_most_people=settings.frail_meets_most_people,
        frail_meets_within_days=settings.frail_meets_within_days,
    )
    return Policy(f"{settings.public_base.rstrip('/')}/fhir", lambda: str(uuid.uuid4()), agreed)
