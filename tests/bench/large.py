"""Benches of whole counties, by hand: python -m tests.bench.large import 100000."""

import argparse

from tests.bench.large_import import bench_import


def main() -> None:
    """Run one of them."""
    arguments = argparse.ArgumentParser(prog="make bench-large", description=__doc__)
    arguments.add_argument("what", choices=("import",))
    arguments.add_argument("count", type=int)
    given = arguments.parse_args()
    bench_import(given.count)


if __name__ == "__main__":
    main()
