"""Which law each category of consent rests on: the policy URIs that may name it, and how it is cited."""

from collections.abc import Mapping
from typing import Final

from services.sip.domain.codes import (
    LAW_HSL_16_4,
    LAW_LSS_10,
    LAW_OSL_10_1,
    LAW_PDL_BLOCK,
    LAW_SHARED_RECORD_CONSENT,
    LAW_SHARED_RECORD_OBJECTION,
    LAW_SOL_10_8,
)

LAWS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "sip": (LAW_HSL_16_4, LAW_SOL_10_8, LAW_LSS_10),
    "shared-record": (LAW_SHARED_RECORD_CONSENT,),
    "secrecy-waiver": (LAW_OSL_10_1,),
    "objection": (LAW_SHARED_RECORD_OBJECTION,),
    "block": (LAW_PDL_BLOCK, LAW_SHARED_RECORD_OBJECTION),
}
CITED: Final[Mapping[str, str]] = {
    "sip": "HSL 16 kap. 4 §; SoL 10 kap. 8 §",
    "shared-record": "lag (2022:913) 3 kap. 1 §",
    "secrecy-waiver": "OSL 10 kap. 1 §",
    "objection": "lag (2022:913) 2 kap. 3 §",
    "block": "PDL 4 kap. 4 §; lag (2022:913) 2 kap. 3 §",
}
GIVEN_BY_THE_PERSON: Final = frozenset({"sip", "shared-record", "secrecy-waiver"})
NEVER_BY_A_GUARDIAN: Final = frozenset({"objection", "block"})
"""Lag (2022:913) 2 kap. 3 §, PDL 4 kap. 4 §: a guardian may not object to or block a child's data."""
