"""The twelve claims about digits: as a spec, and as a team writes them by hand."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import REPOSITORY, Figure, seconds_of

CLAIMS = 12


def figures() -> Iterator[Figure]:
    """Measure cold, unchanged and with one bound edited, against the tests by hand."""
    with tempfile.TemporaryDirectory() as folder:
        example = Path(folder, "digits")
        shutil.copytree(REPOSITORY / "specs/examples/digits", example, ignore=shutil.ignore_patterns(".mltspec"))
        mltspec = str(Path(sys.executable).with_name("mltspec"))
        run = [mltspec, "run", "digits.mlt", "-n", "2", "--store", str(Path(folder, "store"))]
        by_hand = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            str(REPOSITORY / "benchmarks/by_hand/digits.py"),
        ]
        hand = seconds_of(by_hand, cwd=example)
        cold = seconds_of(run, cwd=example)
        yield Figure(
            "twelve digits claims by hand / mltspec, cold, -n 2", hand / cold, 5.0, note=f"{hand:.1f} s / {cold:.1f} s"
        )
        warm = seconds_of(run, cwd=example, times=5)
        yield Figure("the same, nothing changed", hand / warm, 100.0, note=f"{warm:.2f} s")
        edited = _edited(example / "digits.mlt", run, example)
        yield Figure("the same, one bound edited", hand / edited, 50.0, note=f"{edited:.2f} s")


def _edited(spec: Path, run: list[str], cwd: Path) -> float:
    text = spec.read_text()
    changed = re.sub(r"accuracy on holdout >= 0\.9\b", "accuracy on holdout >= 0.91", text)
    assert changed != text
    spec.write_text(changed)
    return seconds_of(run, cwd=cwd)
