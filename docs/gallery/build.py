"""Run every faulty subject of the gallery and write what mltspec says of it: a page each, and the index.

python docs/gallery/build.py      # writes docs/gallery/index.md and docs/gallery/pages, which git ignores
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
SUBJECTS, PAGES = HERE / "subjects", HERE / "pages" / "gallery"
RECORDS = HERE.parents[1] / "build" / "gallery"
FAILED = 1
INTRODUCTION = """# Gallery of failing reports

Each of these is a real run of a small model with one real fault, made when this site was built. The pages are what
`--html` writes; open one in a tab of its own to search, filter and print it. The subjects lie in
`docs/gallery/subjects` of the repository."""
FAULTS = {
    "1-order": ("Rows in an order that no seed determines", "`shuffled` asks the system for an order."),
    "2-optimizer": (
        "A job that forgets its optimizer",
        "It saves weights and goes on from them after a crash; Adam begins anew, and nothing says so.",
    ),
    "2-gradient": ("A gradient that is cut", "`stop_gradient` below the second layer: the first one never learns."),
    "4-slice": (
        "A slice that is no better than a guess",
        "Overall the model is good. Of parcels from the west it knows nothing.",
    ),
    "5-neighbours": (
        "Answers that depend on the neighbours",
        "The model subtracts the mean of the batch, also when it predicts.",
    ),
    "5-zero": ("A logarithm of what may be zero", "The training rows hold no zero. Some day's rows will."),
}


def main() -> None:
    """Run all, and end with an error where one does not fail as it should."""
    PAGES.mkdir(parents=True, exist_ok=True)
    lines = [INTRODUCTION]
    for name in FAULTS:
        print(f"gallery: {name}", flush=True)
        lines += ["", *_entry(name)]
    (HERE / "index.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _entry(name: str) -> Iterator[str]:
    title, about = FAULTS[name]
    spec, page, record = SUBJECTS / f"{name}.mlt", PAGES / f"{name}.html", RECORDS / f"{name}.json"
    RECORDS.mkdir(parents=True, exist_ok=True)
    command = ["mltspec.cli.main", "run", spec.name, "--html", str(page), "--json", str(record)]
    done = subprocess.run(
        [sys.executable, "-m", *command, "--color", "never"], cwd=SUBJECTS, capture_output=True, text=True
    )
    if done.returncode != FAILED:
        sys.exit(f"{name} should fail and ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    report = json.loads(record.read_text(encoding="utf-8"))
    (failed,) = (each for each in report["expectations"] if each["verdict"] == "failed")
    shown = done.stdout[done.stdout.index("\n\nFAILED ") :].lstrip().partition("\n\nFAILED:")[0]
    yield from (f"## {title}", "", about, "", "```text", shown.rstrip(), "```", "")
    yield f'<a href="{name}.html">The whole report</a> of `{failed["check"]}`.'


if __name__ == "__main__":
    main()
