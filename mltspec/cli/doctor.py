"""`mltspec doctor`: look over this machine, and say the way out of what is wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from mltspec.cli.exits import Exit
from mltspec.cli.health import Finding, examine
from mltspec.cli.options import store_option

MARKS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}


@click.command()
@store_option
@click.option("--deep", is_flag=True, help="Also start TensorFlow in a child, to see its devices (some seconds).")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.pass_context
def command(ctx: click.Context, /, store: Path, deep: bool, as_json: bool) -> None:
    """Look over this machine: versions, cores and memory, determinism, the store, devices.

    Exit code 4 says that something here keeps specs from being run.
    """
    found = examine(store, deep)
    if as_json:
        print(json.dumps([vars(each) for each in found], indent=2))
    else:
        _show(found)
    ctx.exit(Exit.NOT_JUDGED if any(each.state == "fail" for each in found) else Exit.HELD)


def _show(found: Sequence[Finding]) -> None:
    room = max(len(each.name) for each in found)
    for each in found:
        print(f"{MARKS[each.state]}  {each.name:<{room}}  {each.text}")
        if each.way_out:
            print(f"{'':<{room + 6}}  -> {each.way_out}")
