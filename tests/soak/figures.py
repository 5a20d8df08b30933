"""A hundred random counties against the slow script over CSV: python -m tests.soak.figures [counties]."""

import sys
import time

from services.sip.measures.exact_figures import exact_figures
from tests.sip.measures.county import county
from tests.sip.measures.county_csv import as_csv
from tests.sip.measures.county_plans import NOW
from tests.sip.measures.oracle import figures_of
from tests.sip.measures.test_compute import added_up, comparable, rounded


def main() -> None:
    """Compare county after county; the first that differs ends it."""
    counties = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    began = time.monotonic()
    for seed in range(1000, 1000 + counties):
        made = county(seed)
        if rounded(comparable(exact_figures(added_up(made), 1, NOW))) != rounded(
            figures_of(as_csv(made), NOW)
        ):
            raise SystemExit(f"county {seed}: the figures differ from those of the slow script")
    print(f"{counties} counties equal in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
