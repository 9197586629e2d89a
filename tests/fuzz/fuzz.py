"""Coverage-guided fuzzing of everything that reads what somebody else wrote.

    python tests/fuzz/fuzz.py parse --seconds 600      # one reader; `make fuzz` runs all of them

Each reader is fed, in a process of its own, with bytes that Atheris mutates. What breaks one is written to `crash-*` or
`timeout-*` in its folder: make a test of it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

READERS = ("parse", "format", "compile", "lint", "report", "store", "framing")


def main() -> int:
    """Fuzz one reader, or one after the other; return 1 if an input broke one."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("reader", nargs="?", choices=READERS, help="one reader; all of them, one after the other")
    options.add_argument("--seconds", type=int, default=600, help="how long each is fuzzed")
    options.add_argument("--folder", type=Path, help="where the corpus and what breaks a reader are kept")
    wanted = options.parse_args()
    folder = wanted.folder or Path(tempfile.mkdtemp(prefix="mltspec-fuzz-"))
    broken = [
        name for name in ([wanted.reader] if wanted.reader else READERS) if not _holds(name, wanted.seconds, folder)
    ]
    return 1 if broken else 0


def _holds(name: str, seconds: int, folder: Path) -> bool:
    home = folder / name
    home.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with (home / "log").open("wb") as log:
        command = [sys.executable, Path(__file__).with_name("readers.py"), name, str(seconds), str(home)]
        ended = subprocess.run(command, stdout=log, stderr=log, check=False)
    lines = (home / "log").read_text(errors="replace").splitlines()
    tried = next((line.split()[-1] for line in reversed(lines) if "executed_units" in line), "?")
    verdict = f"BROKEN: see {home}" if ended.returncode else "held"
    print(f"{name:<8} {verdict:<10} {tried:>9} inputs, {time.monotonic() - began:.0f} s", flush=True)
    return ended.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
