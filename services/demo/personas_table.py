"""The personas as a table to read."""

from rich.table import Table

from services.demo.personas import PERSONAS, Persona


def personas_table() -> Table:
    """List every persona: who that is, in Swedish and English, where, and what the token allows."""
    table = Table(box=None, padding=(0, 2, 1, 0), pad_edge=False)
    for heading in ("persona", "who", "unit (HSA-id)", "scopes"):
        table.add_column(heading, no_wrap=heading == "persona")
    for one in PERSONAS:
        table.add_row(
            one.name, f"{one.swedish}\n[dim]{one.english}[/dim]", _place(one), "\n".join(one.client.scopes)
        )
    return table


def _place(one: Persona) -> str:
    return one.client.claims.get("healthcareUnitHsaId", "–")
