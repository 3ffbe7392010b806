"""``python -m tests.bench [NAME...]``: run benchmarks, those named or all that are quick, and print one table."""

import sys
from importlib import import_module
from typing import Final

from coordinator import log
from tests.bench.measure import Figure, line, table

NAMES: Final = ("codec", "intake", "deconfliction", "scale", "startup", "alert", "cards", "desk", "rebuild", "tak")
ALONE: Final = ("million",)  # takes minutes: only if it is named


def main(names: list[str]) -> int:
    """Run benchmarks; 2 if one is not known. A bar that is missed is said, and no failure: the machine may be busy."""
    if unknown := [name for name in names if name not in (*NAMES, *ALONE)]:
        print(f"no benchmark {unknown[0]}; there are: {' '.join((*NAMES, *ALONE))}", file=sys.stderr)
        return 2
    log.configure(level="warning")
    found: list[Figure] = []
    for name in names or NAMES:
        for figure in import_module(f"tests.bench.{name}").figures():
            print(line(figure), flush=True)
            found.append(figure)
    print()
    print(table(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
