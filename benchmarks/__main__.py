"""`python -m benchmarks [--quick] [BENCH ...]`: measure, print, keep the results; exit 1 when a limit is broken.

`--docs` writes the kept results into docs/performance.md instead.
"""

import argparse
import sys

from benchmarks import campaigns, common, docs, exports, imports, ledger, load, search

# The load data first: search and export read it, and the ledger is written beside it.
BENCHES = {
    "load": load,
    "search": search,
    "export": exports,
    "ledger": ledger,
    "campaigns": campaigns,
    "import": imports,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("benches", nargs="*", help=f"which ones: {', '.join(BENCHES)} (default all)")
    parser.add_argument("--quick", action="store_true", help="a tenth of the size")
    parser.add_argument("--keep", action="store_true", help="keep the load database for another run")
    parser.add_argument("--docs", action="store_true", help="write docs/performance.md from the kept results")
    options = parser.parse_args()
    if unknown := set(options.benches) - set(BENCHES):
        parser.error(f"no benchmark named {', '.join(sorted(unknown))}")
    if options.docs:
        docs.write()
        return
    rows = measure_all(options.benches or list(BENCHES), quick=options.quick, keep=options.keep)
    print(common.table(rows))
    if not all(row.ok for row in rows):
        sys.exit(1)


def measure_all(names: list[str], *, quick: bool, keep: bool) -> list[common.Row]:
    """Run the benchmarks in their order; each one's results are kept as soon as it ends."""
    common.setup()
    size = common.QUICK if quick else common.FULL
    found: list[common.Row] = []
    try:
        for name, bench in BENCHES.items():
            if name in names:
                print(f"{name} …", flush=True)
                rows = bench.run(size)
                common.results_write(name, rows, quick=quick)
                found += rows
    finally:
        if not keep:
            common.database_drop(common.LOAD_DATABASE)
    return found


if __name__ == "__main__":
    main()
