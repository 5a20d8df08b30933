"""The report's own words for codes, and the definitions at its end."""

from typing import Final

from services.sip.domain.continuity.sip_process import (
    CALL_IN_TIME,
    ENDED_WITH_REASON,
    FOLLOWED_UP_IN_TIME,
    WHAT_MATTERS,
)

GROUPS: Final = {
    "sex": ("Kön", {"female": "Kvinnor", "male": "Män"}),
    "age": (
        "Ålder",
        {
            "0-17": "0–17 år",
            "18-44": "18–44 år",
            "45-64": "45–64 år",
            "65-79": "65–79 år",
            "80-": "80 år och äldre",
        },
    ),
    "interpreter": ("Behov av tolk", {"needed": "Behöver tolk", "not-needed": "Behöver inte tolk"}),
    "deprivation": (
        "Områdets socioekonomi",
        {
            "1": "Femtedel 1 (bäst)",
            "2": "Femtedel 2",
            "3": "Femtedel 3",
            "4": "Femtedel 4",
            "5": "Femtedel 5 (sämst)",
        },
    ),
}
QUESTIONS: Final = {
    CALL_IN_TIME: "Kallade inom tre dagar från samtycket",
    FOLLOWED_UP_IN_TIME: "Uppföljda i tid",
    WHAT_MATTERS: "Tillfrågade om vad som är viktigt",
    ENDED_WITH_REASON: "Avslutade med uttalad orsak",
}
BANDS: Final = {
    "1": "1 år",
    "2-3": "2–3",
    "4-5": "4–5",
    "6-10": "6–10",
    "11-15": "11–15",
    ">15": "över 15 år",
}
PROFESSIONS: Final = {"doctor": "Läkare", "nurse": "Sjuksköterska", "physiotherapist": "Fysioterapeut"}

DEFINITIONS: Final = (
    (
        "Fast läkarkontakt, andel",
        (
            "Andelen levande invånare som på dagen har en namngiven fast läkarkontakt (HSL 7 kap. 3 §). "
            "Nationellt mål till utgången av 2022: minst 55 procent."
        ),
        "fixed-contact-coverage",
    ),
    (
        "Kontinuitetsindex (COC)",
        (
            "För listade med minst tre besök på 18 månader vid den enhet där de är listade: hur besöken "
            "samlas på få personer. 1 betyder att alla besök var hos samma person, 0 att varje besök var hos "
            "en ny. Besöken A, A, B ger 1/3."
        ),
        "continuity-coc",
    ),
    (
        "Tid med samma kontakt",
        (
            "Fyllda år med samma fasta läkarkontakt, minst 1, i samma band som i Sandvik m.fl. 2021. Den vars "
            "början ingen vet räknas inte."
        ),
        "contact-duration",
    ),
    (
        "Personalkontinuitet i hemtjänsten",
        (
            "Antal olika medarbetare som en person på minst 65 år mötte på fjorton dagar, kl. 07–22, med "
            "minst två besök om dagen. Larm, matleveranser och hemsjukvård räknas inte."
        ),
        "staff-continuity",
    ),
    (
        "Arbetet med samordnade planer",
        (
            "Av invånare med planer de senaste tolv månaderna: andelen för vilka svaret är ja för varje plan. "
            "Dagar räknas i kalenderdagar från samtycket. Ingen nationell definition finns; denna är vår."
        ),
        "sip-process",
    ),
    (
        "Mål som nåtts",
        "Medelvärdet av den andel av målen i en persons avslutade planer som nåddes, de senaste tolv månaderna.",
        "sip-goals-reached",
    ),
    (
        "Närvaro vid möten",
        "Medelvärdet av den andel av de inbjudna som kom till planeringsmötena, de senaste tolv månaderna.",
        "sip-attendance",
    ),
    (
        "Upplevd kontinuitet",
        (
            "Fyra påståenden som invånaren svarar på från 1 (inte alls) till 5 (helt och hållet), räknat om "
            "till 0–1; det senaste svaret de senaste tolv månaderna."
        ),
        "resident-continuity",
    ),
    (
        "Listade per läkare",
        (
            "Listade invånare jämfört med Socialstyrelsens riktvärde: 1 100 per specialist och 550 per "
            "ST-läkare på heltid. Riktvärdet är varken golv eller tak."
        ),
        "list-load",
    ),
)
SMALL_NUMBERS: Final = (
    "Inga uppgifter om färre än fem personer visas. Antal är avrundade nedåt till närmaste femtal, "
    "andelar och index visas bara för minst tjugo personer och med två decimaler, och en siffra ändras "
    "först när minst fem personers uppgifter har ändrats. Summor som skulle avslöja en dold grupp visas "
    "inte heller. Reglerna är desamma som för allt som Samplan publicerar, och rapporten är gjord av just "
    "de publicerade siffrorna."
)
