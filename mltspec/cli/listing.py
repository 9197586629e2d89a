"""`mltspec list`: the expectations of specs by id."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from mltspec.cli import specs
from mltspec.cli.chosen import chosen
from mltspec.cli.color import wants_color
from mltspec.cli.exits import Exit
from mltspec.cli.options import choosing
from mltspec.language.render import printable
from mltspec.plan.plan import Expectation


@click.command("list", epilog="\b\nExamples:\n  mltspec list specs\n  mltspec list --tag release --json\n")
@choosing
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.pass_context
def command(ctx: click.Context, /, as_json: bool, **typed: Any) -> None:
    """List expectations by id, with their place and tags."""
    found = chosen(**typed)
    specs.show(found.diagnostics, sys.stderr, wants_color("auto", sys.stderr))
    if as_json:
        print(json.dumps([_record(each) for each in found.expectations], indent=2))
    else:
        for each in found.expectations:
            tags = f"  [{', '.join(each.marks.tags)}]" if each.marks.tags else ""
            print(printable(f"{each.id}  {each.at.file}:{each.at.line}{tags}"))
    if specs.has_errors(found.diagnostics):
        ctx.exit(Exit.SPEC)
    ctx.exit(Exit.HELD if found.expectations else Exit.NOTHING_RAN)


def _record(each: Expectation) -> dict[str, Any]:
    marks = each.marks.model_dump(mode="json")
    at = each.at.model_dump(mode="json")
    return {
        "id": each.id,
        "suite": each.suite,
        "check": each.check,
        "test": each.test,
        "text": each.text,
        "at": at,
        "marks": marks,
    }
