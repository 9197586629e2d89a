"""The language: linting one spec as a whole process; compiling and formatting ten thousand lines."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figure import Figure, seconds_of

HEAD = """edition 2026
model delay { build python "flights.model:build" }
data history = python "flights.data:training"
data holdout = python "flights.data:holdout"
baseline prod = run seed 1
"""
LINES = (
    "  expect auc on holdout >= 0.{i:05d} id a{i}",
    "  expect auc on holdout by carrier >= 0.70 where rows >= 200 id b{i}",
    "  expect loss decreases by >= 20% within 3 epochs in >= 4 of 5 seeds id c{i}",
    "  expect auc on holdout >= prod - 0.5pp with 95% confidence id d{i}",
    "  # a remark, as people write them",
)


def spec_of(lines: int) -> str:
    """Return a sound spec of so many lines, in suites of fifty."""
    text = [HEAD]
    for i in range(lines):
        if i % 50 == 0:
            text.append(("}\n" if i else "") + f'suite "s{i}" for delay on history {{')
        text.append(LINES[i % len(LINES)].format(i=i))
    return "\n".join(text) + "\n}\n"


def figures() -> Iterator[Figure]:
    """Measure all three."""
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small.mlt"), Path(folder, "large.mlt")
        small.write_text(spec_of(50))
        sound = spec_of(10_000)
        large.write_text(sound)
        imports = [sys.executable, "-c", "import lark, pydantic"]
        mltspec = str(Path(sys.executable).with_name("mltspec"))
        lint = [mltspec, "lint", str(small)]
        seconds_of(lint)
        ratio = seconds_of(lint, times=9) / seconds_of(imports, times=9)
        yield Figure("lint of a 60-line spec / import lark, pydantic", ratio, 2.0, at_most=True)
        _compile_seconds(small, 40)  # what is imported and built once is no part of compiling
        yield Figure("parse and compile 10,000 lines", _compile_seconds(large, 8_000), 2.0, unit="s", at_most=True)
        large.write_text(sound.replace("\n  ", "\n").replace(" >= ", "  >="))
        took = seconds_of([mltspec, "fmt", "--check", str(large)], expect=1, times=3)
        yield Figure("format 10,000 untidy lines, whole process", took, 2.0, unit="s", at_most=True)


def _compile_seconds(spec: Path, expectations: int) -> float:
    from mltspec.compile.specs import compile_specs

    began = time.perf_counter()
    compiled = compile_specs([spec])
    took = time.perf_counter() - began
    assert len(compiled.plan.expectations) == expectations
    assert not compiled.diagnostics
    return took
