"""Coverage: how many of those who could have a fixed contact do have one."""

from fractions import Fraction


def coverage(with_contact: int, population: int) -> Fraction | None:
    """Give the share with an active contact; undefined where there is nobody, ValueError if impossible."""
    if not 0 <= with_contact <= population:
        raise ValueError(
            f"{with_contact} with a contact among {population} residents: count the same people twice?"
        )
    return Fraction(with_contact, population) if population else None
