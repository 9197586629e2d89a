"""The language: linting one spec as a whole process; compiling and formatting ten thousand lines."""

from __future__ import annotations

import datetime
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


COMMON = """edition 2026

## Flight-delay classifier: what must hold before a release.
model delay {{
  build python "flights.model:build"
  train python "flights.training:train"
  fit 5 epochs in batches of 32 rows
}}
data history = python "flights.data:training"
data holdout = python "flights.data:holdout"
baseline prod = run seed 1

let drop = 0.5pp

suite "training" for delay on history tags [commit] {{
  expect loss decreases by >= 20% within 3 epochs in >= 4 of 5 seeds
  expect one batch overfits to loss <= 0.01 within 200 steps
  expect gradients reach every weight
  expect initial loss near chance
  expect activations alive
  expect updates in scale
  expect labels matter
  # Metrics are sums of rounded numbers.
  expect training reproducible across 2 runs {{
    predictions within 1e-6
    auc within 0.1pp
    auc by carrier within 1pp
  }}
  expect restore after crash at step 40 is resumes
  expect saved model reloads
}}

suite "quality" for delay on history {{
  expect auc on holdout >= 0.{i:04d}
  expect auc on holdout by carrier >= 0.70 where rows >= 200
  expect auc on holdout >= prod - drop with 95% confidence
  for each m in [accuracy, precision, recall] {{
    expect m on holdout by origin >= 0.75 where rows >= 200
    expect m on holdout >= prod - drop
  }}
}}

suite "data" for delay on history {{
  expect data well fed
  expect no leakage into holdout
  expect data passes agree on history
}}

suite "debugging" for delay on history {{
  for any batch of 1..64 rows {{
    expect outputs finite
    expect outputs in 0..1
    expect rows independent within 1e-5
    expect train step finite
  }}
}}

suite "release" for delay on history tags [release] {{
  expect exported model agrees within 1e-4
}}
"""
"""A spec of 60 lines as people write them; nothing is found in it."""
MODULES = {
    "model.py": "def build():\n    return None\n",
    "training.py": "import keras\n\ndef train(workdir):\n    return keras.callbacks.BackupAndRestore(workdir)\n",
    "data.py": "def training():\n    return None\n\ndef holdout():\n    return None\n",
}


def figures() -> Iterator[Figure]:
    """Measure all five."""
    yield Figure("rules whose bad example is found and good one silent", *_rules_that_hold(), unit="rules")
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
        yield _thousand(Path(folder, "thousand"), mltspec)
        large.write_text(sound.replace("\n  ", "\n").replace(" >= ", "  >="))
        took = seconds_of([mltspec, "fmt", "--check", str(large)], expect=1, times=3)
        yield Figure("format 10,000 untidy lines, whole process", took, 2.0, unit="s", at_most=True)


def _rules_that_hold() -> tuple[int, int]:
    """Return how many rules do as their examples say, and how many rules there are."""
    from mltspec.lint.catalogue import whole
    from mltspec.lint.linting import lint
    from mltspec.lint.registry import ENTRIES
    from mltspec.lint.settings import Settings

    held = 0
    for entry in ENTRIES:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in entry.rule.files.items():
                Path(folder, name).parent.mkdir(parents=True, exist_ok=True)
                Path(folder, name).write_text(text)
            found = []
            for example in (entry.rule.bad, entry.rule.good):
                spec = Path(folder, "example.mlt")
                spec.write_text(whole(example, entry.rule.exact))
                every = lint([spec], lambda _: Settings(), today=datetime.date(2026, 11, 24))
                found.append(any(each.name == entry.name for each in every))
            held += found == [True, False]
    return held, len(ENTRIES)


def _thousand(folder: Path, mltspec: str) -> Figure:
    (folder / "flights").mkdir(parents=True)
    for name, text in MODULES.items():
        (folder / "flights" / name).write_text(text)
    for i in range(1_000):
        (folder / f"delay{i}.mlt").write_text(COMMON.format(i=5_000 + i))
    took = seconds_of([mltspec, "lint", "--strict", str(folder)], times=3)
    return Figure("lint 1,000 specs of 60 lines, whole process", took, 5.0, unit="s", at_most=True)


def _compile_seconds(spec: Path, expectations: int) -> float:
    from mltspec.compile.specs import compile_specs

    began = time.perf_counter()
    compiled = compile_specs([spec])
    took = time.perf_counter() - began
    assert len(compiled.plan.expectations) == expectations
    assert not compiled.diagnostics
    return took
