"""The page on probes: its spec is sound, and no claim about any batch is left out."""

import re
from pathlib import Path

from mltspec.checks.registry import all_checks
from mltspec.compile.catalogue import PREAMBLE
from mltspec.compile.forms import Literal, form
from mltspec.compile.specs import compile_specs

PAGE = (Path(__file__).parents[2] / "docs" / "probes.md").read_text()


def test_its_spec_is_sound(tmp_path):
    (fence,) = re.findall(r"```mlt\n(.+?)```", PAGE, flags=re.DOTALL)
    spec = tmp_path / "s.mlt"
    spec.write_text(PREAMBLE.rpartition("suite")[0] + fence)
    compiled = compile_specs([spec])
    assert compiled.sound, compiled.diagnostics
    assert len(compiled.plan.expectations) == 5


def test_every_claim_about_any_batch_is_named():
    for check in (each for each in all_checks() if each.in_batch):
        words = []
        for token in form(check.phrase):
            if not isinstance(token, Literal):
                break
            words.append(token.word)
        assert f"`{' '.join(words)}" in PAGE, check.name
