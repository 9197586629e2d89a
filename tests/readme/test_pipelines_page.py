"""The page on pipelines: its spec is sound, and no claim about a pipeline is left out."""

import re
from pathlib import Path

from mltspec.checks.registry import all_checks
from mltspec.compile.specs import compile_specs

PAGE = (Path(__file__).parents[2] / "docs" / "pipelines.md").read_text()


def test_its_spec_is_sound(tmp_path):
    (fence,) = re.findall(r"```mlt\n(.+?)```", PAGE, flags=re.DOTALL)
    spec = tmp_path / "s.mlt"
    spec.write_text(fence)
    compiled = compile_specs([spec])
    assert compiled.sound, compiled.diagnostics
    named = {each.check for each in compiled.plan.expectations}
    assert named == {check.name for check in all_checks() if check.about == "pipeline"}
    assert not any(each.obstacle for each in compiled.plan.expectations)
