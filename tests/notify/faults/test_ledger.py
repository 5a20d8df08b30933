"""The ledger over ten kills of everything, primaries of a real replica set of three among them."""

from tests.soak.ledger import VICTIMS, run_ledger


def test_over_kills_of_every_process_and_of_primaries_nothing_is_lost_doubled_or_mixed_up() -> None:
    ledger = run_ledger(10, seed=20261125)

    assert set(ledger.kills) == set(VICTIMS)
    assert ledger.committed > 20
    assert ledger.holds, ledger
