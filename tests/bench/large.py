"""Benches of whole counties, by hand: python -m tests.bench.large import 100000."""

import argparse

from tests.bench.large_import import bench_import
from tests.bench.large_measures import bench_measures
from tests.bench.large_search import bench_search

BENCHES = {"import": bench_import, "measures": bench_measures, "search": bench_search}


def main() -> None:
    """Run one of them."""
    arguments = argparse.ArgumentParser(prog="make bench-large", description=__doc__)
    arguments.add_argument("what", choices=sorted(BENCHES))
    arguments.add_argument("count", type=int)
    given = arguments.parse_args()
    BENCHES[given.what](given.count)


if __name__ == "__main__":
    main()
