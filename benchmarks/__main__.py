"""Run the benchmarks: all of them, or those named.

python -m benchmarks [quality digits language editor watching probes planted serving reports plugin scale]
"""

from __future__ import annotations

import importlib
import sys

BENCHMARKS = (
    "quality",
    "language",
    "editor",
    "watching",
    "probes",
    "planted",
    "digits",
    "serving",
    "reports",
    "plugin",
    "scale",
)


def main(names: list[str]) -> int:
    """Measure, print one line a figure, and return 1 if a promise was missed."""
    unknown = set(names) - set(BENCHMARKS)
    if unknown:
        print(f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}")
        return 2
    missed = 0
    for name in names or BENCHMARKS:
        for figure in importlib.import_module(f"benchmarks.{name}").figures():
            print(figure, flush=True)
            missed += not figure.held
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
