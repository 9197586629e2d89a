"""Comparing what was read says the same as comparing plans, and makes no record of pydantic."""

import subprocess
import sys

import pytest

from mltspec.compile import stating
from mltspec.compile.strictness import changes

HEAD = """edition 2026
use "std/debugging"
model m { build python "m:build" }
data d = python "m:train"
data other = python "m:other"
baseline prod = run seed 1
let drop = 1pp
suite "s" for m on d tags [commit] {
"""
LINES = (
    "expect accuracy >= 0.9",
    "expect accuracy on other >= prod - drop",
    "expect loss decreases by >= 20% in >= 4 of 5 seeds",
    'expect training reproducible skip because "x" until 2027-01-01',
    "for any batch of 1..8 rows {\n expect outputs in 0..1\n}",
)
EDITS = (
    ("0.9", "0.8"),
    ("0.9", "0.90"),
    ("1pp", "2pp"),
    ("on other", "on d"),
    ("by >= 20%", "by >= 30%"),
    ("4 of 5", "3 of 5"),
    (' skip because "x" until 2027-01-01', " severity warn"),
    ("1..8 rows", "1..4 rows"),
    ("0..1", "0..2"),
    ("m:other", "m:easier"),
    ("run seed 1", "run seed 2"),
    ('use "std/debugging"', 'use "std/debugging" as std'),
)


@pytest.fixture(scope="module")
def write(tmp_path_factory):
    def to(text):
        file = tmp_path_factory.mktemp("spec") / "a.mlt"
        file.write_text(text)
        return [file]

    return to


OLD = HEAD + "\n".join(LINES) + "\n}\n"


@pytest.mark.parametrize("was, now", EDITS)
def test_it_says_what_plans_say(write, was, now):
    assert was in OLD
    old, new = write(OLD), write(OLD.replace(was, now))
    quick = changes(*(each.claims for each in stating.stated(old, new)))
    planned = changes(stating._planned(old).claims, stating._planned(new).claims)
    assert [(each.id, each.effect, each.old, each.new) for each in quick] == [
        (each.id, each.effect, each.old, each.new) for each in planned
    ]
    assert bool(quick) == (now != "0.90")


def test_no_record_is_made_where_declarations_agree(write):
    (old,), (new,) = write(OLD), write(OLD.replace("0.9", "0.8"))
    code = "import sys; sys.argv = ['mltspec', 'diff', *sys.argv[1:]]\nfrom mltspec.cli.main import main\n"
    code += "try: main()\nfinally: print('pydantic' in sys.modules)"
    for edited, wanted in ((new, "False"), (write(OLD.replace("m:other", "m:easier"))[0], "True")):
        done = subprocess.run([sys.executable, "-c", code, str(old), str(edited)], capture_output=True, text=True)
        assert done.stdout.splitlines()[-1] == wanted, done.stderr
