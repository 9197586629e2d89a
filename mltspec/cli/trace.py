"""`mltspec trace`: follow one batch from raw row to served answer."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import click

from mltspec.cli import specs
from mltspec.cli.color import Mode, color_option, wants_color
from mltspec.cli.exits import Exit
from mltspec.cli.options import store_option
from mltspec.cli.targets import files_of, read_targets
from mltspec.language.diagnostic import Diagnostic
from mltspec.language.render import printable

_ROWS = re.compile(r"^\d+(\.\.\d+)?(,\d+(\.\.\d+)?)*$")
MOST_ROWS = 4096


def rows_of(ctx: click.Context, param: click.Parameter, value: str) -> tuple[int, ...]:
    """Read ``0..7`` or ``3,5,9``: numbers of rows, counted from 0."""
    if not _ROWS.match(value.replace(" ", "")):
        raise click.BadParameter(f"`{value}` names no rows; write `0..7` or `3,5,9`, counted from 0")
    found: list[int] = []
    for part in value.replace(" ", "").split(","):
        first, _, last = part.partition("..")
        if int(last or first) - int(first) >= MOST_ROWS:
            raise click.BadParameter(f"`{part}`: a batch of more than {MOST_ROWS:,} rows is not followed")
        found += range(int(first), int(last or first) + 1)
    if not found:
        raise click.BadParameter(f"`{value}` names no rows: it ends before it begins")
    return tuple(dict.fromkeys(found))


@click.command(
    epilog="\b\nExamples:\n"
    "  mltspec trace specs/delay.mlt\n"
    "  mltspec trace specs/delay.mlt --data holdout --rows 3,5,9 --steps 5\n"
    "  mltspec trace specs/delay.mlt --replay 4f6efb7cbf35 --html trace.html\n"
)
@click.argument("spec", required=False, metavar="[SPEC]")
@click.option("--model", metavar="NAME", help="The model to follow it through, where a spec declares several.")
@click.option("--data", metavar="NAME", help="The data that rows are of.  [default: what the model is trained on]")
@click.option("--rows", callback=rows_of, default="0..7", show_default=True, help="Which rows, counted from 0.")
@click.option("--replay", metavar="ID", help="Follow a kept counterexample instead of rows.")
@click.option("--steps", type=click.IntRange(1, 1000), default=1, show_default=True, help="Training steps on them.")
@click.option("--untrained", is_flag=True, help="The model as it is built; nothing is trained.")
@click.option("--server", metavar="NAME", help="The server to ask too.  [default: the only one declared]")
@click.option("--no-export", "unexported", is_flag=True, help="Leave the exported and the served model out.")
@click.option("--profile", metavar="NAME", help="Seeds as the profile has them.")
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Override the profile's seed.")
@click.option("--json", type=click.Path(path_type=Path), metavar="FILE", help="Write the trace as JSON.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page with pictures.")
@click.option("--fresh", is_flag=True, help="Train and look again, whatever the store has.")
@store_option
@color_option
@click.pass_context
def command(ctx: click.Context, /, spec: str | None, **typed: Any) -> None:
    """Follow one batch through a model: inputs, every layer, loss, gradients, update, and the exported model's answers.

    The first tensor that is not finite, or the first answer that parts from the model in memory, is named with its
    layer and step. The model is trained as the spec says (or taken from the store), and left as it was.

    Exit code 0: no trouble. 1: trouble was found. 4: not everything could be seen.
    """
    ctx.exit(trace(spec, typed))


def trace(spec: str | None, typed: dict[str, Any]) -> Exit:
    """Follow the batch, report, and return the exit code."""
    from mltspec.compile.tracing import Wanted, trace_plan
    from mltspec.report.writing import obstacle

    for file in (typed["json"], typed["html"]):
        trouble = obstacle(file) if file else ""
        if trouble:
            raise click.UsageError(f"cannot write `{file}`: {trouble}")
    path = _only(spec)
    compiled = specs.compiled([path], typed["profile"], typed["seed"])
    color: Mode = typed["color"]
    specs.show(compiled.diagnostics, sys.stderr, wants_color(color, sys.stderr))
    if not compiled.sound:
        return Exit.SPEC
    counterexample, about = _kept(typed["replay"], typed["store"])
    wanted = Wanted(
        typed["model"], typed["data"], typed["rows"], typed["steps"], typed["untrained"], not typed["unexported"],
        counterexample, about, typed["server"],
    )  # fmt: skip
    plan = trace_plan(path, wanted, typed["profile"], typed["seed"])
    if isinstance(plan, Diagnostic):
        raise click.UsageError(f"{plan.message}; {plan.help}" if plan.help else plan.message)
    return _execute(plan, typed)


def _execute(plan: Any, typed: dict[str, Any]) -> Exit:
    from mltspec.checks.registry import BY_NAME, KINDS
    from mltspec.cli.framework import advice
    from mltspec.cli.start import settle
    from mltspec.engine.run import run
    from mltspec.engine.settings import Settings
    from mltspec.engine.store import StoreError
    from mltspec.evidence.trace import TraceAsk, TraceEvidence
    from mltspec.report.paint import Paint
    from mltspec.report.trace_text import lines

    missing = advice()
    if missing:
        print(missing, file=sys.stderr)
        return Exit.NOT_JUDGED
    settle()
    settings = Settings(workers=1, store=typed["store"], fresh=typed["fresh"])
    color = wants_color(typed["color"], sys.stdout)
    (expectation,) = plan.expectations
    try:
        outcome = run(plan, settings, BY_NAME, KINDS, _tell)
    except StoreError as problem:
        print(problem, file=sys.stderr)
        return Exit.NOT_JUDGED
    if outcome.interrupted:
        return Exit.INTERRUPTED
    judgement = outcome.judgements[expectation.id]
    found = outcome.evidence.get(expectation.needs[0])
    if not isinstance(found, TraceEvidence):
        print(judgement.explanation, *judgement.details, sep="\n", file=sys.stderr)
        return Exit.NOT_JUDGED
    ask = next(TraceAsk.model_validate(each.ask) for each in plan.requests if each.id == expectation.needs[0])
    names = ask.run.model.name, ask.data.name
    for line in lines(found, *names, Paint(color)):
        print(line)
    _write(found, names, typed)
    return {"passed": Exit.HELD, "failed": Exit.FAILED}.get(str(judgement.verdict), Exit.NOT_JUDGED)


def _tell(event: object) -> None:
    """Say what is being waited for, beside what is printed for others to read."""
    from mltspec.plan.events import GatheringStarted

    if isinstance(event, GatheringStarted):
        print(f"{printable(event.label)} …", file=sys.stderr)


def _write(found: Any, names: tuple[str, str], typed: dict[str, Any]) -> None:
    from mltspec.report.trace_page import page
    from mltspec.report.writing import write_whole

    if typed["json"]:
        write_whole(typed["json"], found.model_dump_json(indent=2) + "\n")
    if typed["html"]:
        write_whole(typed["html"], page(found, *names))


def _only(spec: str | None) -> Path:
    """Return the one spec that is meant."""
    files = files_of(read_targets([spec] if spec else []))
    if len(files) == 1:
        return files[0]
    several = ", ".join(str(file) for file in files[:6])
    raise click.UsageError(f"say which spec: {several}" if files else "there is no spec here; name one")


def _kept(id: str | None, store: Path) -> tuple[str, str]:
    """Return the id of a kept counterexample, and of which claim it is one."""
    if id is None:
        return "", ""
    from mltspec.cli.replaying import kept

    record = kept(id, store)[0]
    return record.id, record.about
