"""Rules of care and law in the words of /api/v1: what a nurse reads, where it belongs, which call mends it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PLAN: Final = "/api/v1/plans/{id}"
PRINCIPALS: Final = {"The region": "Regionen", "The municipality": "Kommunen"}
PERSON: Final = "/api/v1/persons/{id}"


@dataclass(frozen=True, slots=True)
class Plain:
    """What is wrong (for staff to read), a JSON pointer to where it belongs in a plan, the call that mends it."""

    text: str
    where: str
    do: str = ""


PLAIN: Final[Mapping[str, Plain]] = {
    "plan-interventions": Plain(
        "Planen saknar insatser. Lägg till minst en insats.", "/interventions", f"POST {PLAN}/interventions"
    ),
    "plan-intervention-owner": Plain(
        "En insats saknar ansvarig huvudman. Ange den enhet som ansvarar.",
        "/interventions",
        f"POST {PLAN}/interventions",
    ),
    "plan-actions-by-others": Plain(
        "Det framgår inte vad andra än region och kommun gör. Ange vad och vem, eller att det inte är något.",
        "/actions_by_others",
        f"POST {PLAN}/actions-by-others",
    ),
    "plan-overall-responsibility": Plain(
        "Det framgår inte vem som har det övergripande ansvaret. Enheten behöver finnas i katalogen under sin "
        "region eller kommun.",
        "/responsible_unit",
    ),
    "plan-both-principals": Plain(
        "{principal} är inte med i planen, och båda ska vara det. Lägg till en enhet.",
        "/team",
        f"POST {PLAN}/team-members",
    ),
    "plan-interventions-of-both": Plain(
        "{principal} ansvarar inte för någon insats. Lägg till vad som görs där.",
        "/interventions",
        f"POST {PLAN}/interventions",
    ),
    "plan-follow-up-date": Plain(
        "Datum för uppföljning saknas.", "/follow_up_on", f"PUT {PLAN}/follow-up-date"
    ),
    "plan-yearly-review": Plain(
        "Planen ska ses över minst en gång om året. Ange ett datum inom ett år.",
        "/follow_up_on",
        f"PUT {PLAN}/follow-up-date",
    ),
    "plan-what-matters": Plain(
        "Svaret på frågan ”Vad är viktigt för dig?” saknas. Ange personens egna ord, eller att personen inte "
        "ville svara.",
        "/what_matters",
        f"PUT {PLAN}/what-matters",
    ),
    "plan-consent": Plain(
        "Det finns inget gällande samtycke till planen. Be om samtycke, eller ange den lagliga grunden.",
        "/consents",
        f"POST {PERSON}/consents",
    ),
    "plan-consent-parties": Plain(
        "Samtycket omfattar inte alla som är med i planen. Be om samtycke för dem också.",
        "/consents",
        f"POST {PERSON}/consents",
    ),
    "team-without-author": Plain(
        "Ingen från den enhet som har det övergripande ansvaret är med i planens lag.",
        "/team",
        f"POST {PLAN}/team-members",
    ),
    "task-not-theirs": Plain(
        "Uppföljningen noteras av den enhet som har det övergripande ansvaret för planen.", "/follow_up"
    ),
    "contact-assistant-nurse": Plain(
        "Bara en undersköterska får vara fast omsorgskontakt, och katalogen säger inte att den valda är det.",
        "/employee",
    ),
    "contact-doctor": Plain(
        "En fast läkarkontakt är läkare, och katalogen säger inte att den valda är det.", "/employee"
    ),
    "contact-change-reason": Plain(
        "Kontakten följer på en tidigare. Ange varför den ändras; first gäller bara den allra första.",
        "/reason",
    ),
    "contact-two-at-once": Plain(
        "Personen har redan en kontakt av det slaget vid den tiden. Låt den nya börja efter den.", "/from"
    ),
    "contact-gap": Plain(
        "Ingen var kontakt mellan den förra och den här, och det framgår inte varför. Ange orsaken, eller låt "
        "den nya börja när den förra slutade.",
        "/gap_reason",
    ),
    "contact-listing-changes": Plain(
        "Personen har bytt enhet två gånger det senaste året. Fler byten kräver särskilda skäl, som regionen medger.",
        "/special_reasons",
    ),
    "contact-care-setting": Plain(
        "Fast omsorgskontakt gäller hemtjänst; enheten är särskilt boende.", "/unit"
    ),
    "contact-step-reason": Plain("Ange orsaken.", "/reason"),
    "consent-child-alone": Plain(
        "Personen är för ung för att samtycka ensam. Ange vårdnadshavaren också.", "/relative_id"
    ),
}
"""Rules that are not here speak plainly enough themselves; a test knows that these are real."""
