"""`mltspec check`: run the packs that fit a Python module, without a spec."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import click

from mltspec.cli.options import forms_of
from mltspec.cli.run import Options, run_compiled, running
from mltspec.cli.times import limit
from mltspec.compile.discover import Module, NotASubject, find_module, spec_of
from mltspec.compile.specs import compile_specs
from mltspec.plan.plan import Expectation

UNSELECTED: dict[str, Any] = {
    "paths": (), "tag": None, "last_failed": False, "failed_first": False, "first_failure": False, "maxfail": None,
    "shard": None, "replay": None, "profile": None,
}  # fmt: skip


@click.command(epilog="\b\nExamples:\n  mltspec check train.py\n  mltspec check flights.model -n 4 --json check.json\n")
@click.argument("module")
@running
@click.option("-k", "text", metavar="TEXT", help="Only what has TEXT in its id or its line.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="The seed of training and probes.")
@click.option("--timeout", callback=limit, default="120s", show_default=True, help="Limit of each measurement.")
@click.pass_context
def command(ctx: click.Context, /, module: str, **typed: Any) -> None:
    """Check a Python module (a .py file or a dotted name) that follows the conventional names.

    It needs `build()`, which returns a compiled model, and `train_data()`; `holdout_data()`, `train(workdir)`,
    `export(model, directory)`, `raw_examples()`, `features(raw)`, `serving_features(raw)`, `FIT` and `DECLARES` are
    used where they are defined. What is run are the packs under `std/`; `mltspec init` writes them down as a spec.
    """
    found = subject(module)
    compiled = compile_specs([found.spec_path], seed=typed["seed"], shown_as=module, text=spec_of(found))
    ctx.exit(
        run_compiled(compiled, Options(forms=forms_of(typed), **UNSELECTED, **typed), (), _reproducer(module, typed))
    )


def subject(module: str) -> Module:
    """Return the module that was typed.

    Raises:
        click.UsageError: it is no subject.
    """
    try:
        return find_module(module, Path.cwd())
    except NotASubject as problem:
        raise click.UsageError(str(problem)) from problem


def _reproducer(module: str, typed: dict[str, Any]) -> Any:
    extra = ["-n", str(typed["workers"])] if typed["workers"] else []

    def reproduce(expectation: Expectation) -> str:
        return shlex.join(["mltspec", "check", module, "-k", expectation.id, "--seed", str(expectation.seed), *extra])

    return reproduce
