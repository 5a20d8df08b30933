"""Names of people who do not exist: given names by sex and generation, family names, streets."""

from collections.abc import Callable
from random import Random
from typing import Final

BORN_BEFORE_1950: Final = {
    "female": "Margareta Ingrid Gunvor Birgitta Karin Astrid Elsa Greta Siv Maj-Britt Gun Ulla Inga Kerstin "
    "Märta Svea Rut Anna-Lisa Berit Ingegerd Barbro Aina Solveig Vera Dagny Britta Ritva Päivi Helga",
    "male": "Karl-Erik Sven Gösta Åke Nils Lennart Bertil Stig Bengt Arne Göran Sture Ragnar Evert Harry "
    "Torsten Gunnar Olle Börje Rune Kjell Ivar Hilding Allan Yngve Pekka Juhani Tadeusz Östen",
}
BORN_BEFORE_1985: Final = {
    "female": "Eva Lena Annika Susanne Monica Carina Marie Pia Åsa Helena Ulrika Camilla Katarina Maria "
    "Jenny Malin Anna Cecilia Sofia Ylva Nadia Jelena Leila Svetlana Ewa Fatima Zahra Hodan",
    "male": "Lars Anders Per Mikael Thomas Peter Stefan Jan Håkan Fredrik Magnus Björn Ulf Jonas Mattias "
    "Daniel Henrik Tommy Jörgen Tord Goran Dragan Omid Hassan Yusuf Ahmed Samuel Mehmet",
}
BORN_LATER: Final = {
    "female": "Emma Elin Sara Linnea Ida Wilma Alva Ebba Maja Alice Saga Tuva Ella Freja Nellie Moa Tilde "
    "Liv Stina Vilja Amina Maryam Mei Yara Ayan Signe Tindra Åsta",
    "male": "Oskar Erik Viktor Axel Emil Albin Hugo Elias Noah Melker Ludvig Alfred Sixten Vidar Love Isak "
    "Filip Anton Theo Malte Ali Abdi Mohammed Ömer Leon Folke Östen Kian",
}
FAMILY: Final = (
    "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson "
    "Jonsson Hansson Bengtsson Lindberg Lindström Lindqvist Axelsson Bergström Lundgren Mattsson Berglund "
    "Fransson Sandberg Forsberg Sjöberg Wallin Engström Danielsson Håkansson Lundin Björk Öberg Åkesson "
    "Åström Hedlund Norén Ekström Sundqvist Holmgren Viklund Söderlund Höglund Ängström Fjällström"
)
FAMILY_FROM_ELSEWHERE: Final = (
    "Korhonen Virtanen Nowak Petrović Hadžić Nguyen Ahmadi Haddad Hassan Abdi Tesfaye Kaya Demir Salonen"
)
STREETS: Final = (
    "Storgatan Älvvägen Björkstigen Kyrkogatan Ängsvägen Skolgatan Åkervägen Strandpromenaden Sågverksvägen "
    "Prästgatan Bruksgatan Lingonvägen Tallbacken Nygatan Fiskargränd Smedjegatan"
)
SHARE_FROM_ELSEWHERE: Final = 0.12


def given_name(chance: Random, gender: str, born: int) -> str:
    """Draw a given name that was common when the person was born."""
    generation = BORN_BEFORE_1950 if born < 1950 else BORN_BEFORE_1985 if born < 1985 else BORN_LATER
    return chance.choice(generation[gender].split())


def family_name(chance: Random) -> str:
    """Draw a family name."""
    elsewhere = chance.random() < SHARE_FROM_ELSEWHERE
    return chance.choice((FAMILY_FROM_ELSEWHERE if elsewhere else FAMILY).split())


def street_address(chance: Random) -> str:
    """Draw a street and a number."""
    return f"{chance.choice(STREETS.split())} {chance.randint(1, 48)}"


def unlike(taken: set[tuple[str, str]], draw: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """Draw until nobody has the name yet, and take it."""
    name = draw()
    while name in taken:
        name = draw()
    taken.add(name)
    return name
