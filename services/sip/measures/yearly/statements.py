"""The four statements of the residents' målbild, and what of them this service can say anything about.

The statements are Gävleborg's, as the region's page «Bakgrund och målbild» gives them (regiongavleborg.se,
samverkanswebben, God och nära vård): Nära vård för mig som invånare innebär att …
"""

from typing import Final, NamedTuple


class Statement(NamedTuple):
    """One statement, with what a reader should know before the figures."""

    id: str
    heading: str
    lead: str


IN_TIME: Final = Statement(
    "i-ratt-tid",
    "Jag får rätt hjälp och stöd i rätt tid",
    "Här visas det som går att räkna om tid: hur fort de som ska hjälpas åt kallas när invånaren har sagt "
    "ja, om planen följs upp när det är lovat, och hur många invånare varje läkare har på sin lista.",
)
HEALTH: Final = Statement(
    "framja-halsa",
    "Jag får stöd i att främja min hälsa",
    "Samplan vet inget om levnadsvanor eller hälsa. Det som går att säga är om de mål som invånaren själv "
    "satt upp i sin plan har nåtts, och om planen avslutades av en uttalad orsak.",
)
OWN_POWER: Final = Statement(
    "egen-kraft",
    "Min egen kraft tas till vara",
    "Frågan «Vad är viktigt för dig?» ska ställas innan en plan börjar gälla, och svaret ska stå i planen "
    "med invånarens egna ord. Den som inte vill svara räknas som tillfrågad.",
)
COHERENT: Final = Statement(
    "sammanhallet",
    "Sammanhållet och enkelt för mig",
    "Att få möta samma människor är det som invånare oftast beskriver som sammanhållet. Här visas vem som "
    "har en fast kontakt, hur länge, hur ofta det är samma person man möter – och hur invånarna själva "
    "upplever det.",
)
SOURCE: Final = (
    "De fyra rubrikerna är invånarnas målbild för nära vård i Gävleborg 2030, så som Region Gävleborg "
    "återger den på sidan «Bakgrund och målbild»."
)
EQUAL_LEAD: Final = (
    "Samma mått, uppdelat på grupper i hela länet. Skillnader kan ha många orsaker; de säger var det är "
    "värt att fråga vidare. Grupper som är för små visas inte, och hur många som ingår i en grupp visas "
    "aldrig."
)
