"""`mltspec diff`: which expectations a change of specs weakens, tightens, adds or removes."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import click

from mltspec.cli import specs
from mltspec.cli.color import Mode, color_option, wants_color
from mltspec.cli.exits import Exit
from mltspec.cli.revisions import specs_of
from mltspec.compile.stating import stated
from mltspec.compile.strictness import LOOSENING, Change, Effect, changes
from mltspec.language.render import printable
from mltspec.report.paint import BOLD, DIM, Paint

TONES = {
    Effect.REMOVED: "1;31",
    Effect.WEAKENED: "1;31",
    Effect.CHANGED: "33",
    Effect.TIGHTENED: "32",
    Effect.ADDED: "32",
}


@click.command(
    epilog="\b\nExamples:\n  mltspec diff main:specs specs\n  mltspec diff HEAD~1 HEAD --json\n"
    "  mltspec diff old.mlt new.mlt --allow-weaker     in CI, where a label on the change says so\n"
)
@click.argument("old")
@click.argument("new")
@click.option("--allow-weaker", is_flag=True, help="End with exit code 0 also where something is weakened.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@color_option
@click.pass_context
def command(ctx: click.Context, /, old: str, new: str, allow_weaker: bool, as_json: bool, color: Mode) -> None:
    """Compare the specs of OLD and NEW: each a path, a revision of git, or REVISION:PATH.

    Exit code 1 says that an expectation is removed, weakened, or changed in a way that has no order. Nothing is
    executed, imported or checked out.
    """
    with specs_of(old) as old_files, specs_of(new) as new_files:
        before, after = stated(old_files, new_files)
        if not (before.sound and after.sound):
            found = (*before.diagnostics, *after.diagnostics)
            specs.show(found, sys.stderr, wants_color(color, sys.stderr))
            ctx.exit(Exit.SPEC)
        found_changes = changes(before.claims, after.claims)
    if as_json:
        print(json.dumps([_record(each) for each in found_changes], indent=2))
    else:
        for line in _lines(found_changes, Paint(wants_color(color, sys.stdout))):
            print(line)
    loosened = any(each.effect in LOOSENING for each in found_changes)
    ctx.exit(Exit.FAILED if loosened and not allow_weaker else Exit.HELD)


def _lines(found: Sequence[Change], paint: Paint) -> Iterator[str]:
    for each in found:
        yield f"{paint(f'{each.effect:<9}', TONES[each.effect])}  {paint(printable(each.id), BOLD)}"
        for reason in each.reasons:
            yield f"           {printable(reason)}"
        for sign, text in (("-", each.old), ("+", each.new)):
            if text and each.old != each.new:
                yield paint(f"           {sign} {printable(text)}", DIM)
    counts = Counter(each.effect for each in found)
    yield ", ".join(f"{counts[effect]:,} {effect}" for effect in Effect if counts[effect]) or "no expectation differs"


def _record(each: Change) -> dict[str, Any]:
    return {
        "id": each.id,
        "effect": str(each.effect),
        "reasons": list(each.reasons),
        "old": each.old,
        "new": each.new,
        "line": each.line,
    }
