"""`mltspec pipeline`: what a run of a pipeline that is known to be good lets one ask of the next."""

from __future__ import annotations

from pathlib import Path

import click

from mltspec.cli.exits import Exit
from mltspec.cli.options import store_option


@click.group("pipeline", subcommand_metavar="propose ...")
def command() -> None:
    """Work with the pipelines that specs declare."""


@command.command(
    epilog="\b\nExamples:\n  mltspec pipeline propose specs/nightly.mlt --rows 5000\n"
    "  mltspec pipeline propose specs/nightly.mlt --stage features >> specs/contracts.mlt\n"
)
@click.argument("spec", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--pipeline", "name", metavar="NAME", help="The pipeline, where the spec declares several.")
@click.option("--stage", "stages", multiple=True, metavar="NAME", help="Only this stage. May be given several times.")
@click.option("--rows", type=click.IntRange(min=1), metavar="N", help="Run on a sample.  [default: on all there is]")
@click.option("--seed", type=click.IntRange(min=0), default=7, show_default=True, metavar="N", help="The run's seed.")
@store_option
@click.pass_context
def propose(
    ctx: click.Context,
    /,
    spec: Path,
    name: str | None,
    stages: tuple[str, ...],
    rows: int | None,
    seed: int,
    store: Path,
) -> None:
    """Run a pipeline that is known to be good, and print a contract for every table that its stages write.

    Each line leaves room, and says what was seen; edit them, and put them into a suite. A run that the store has is not
    made again.
    """
    from mltspec.checks.pipeline.proposed import contract
    from mltspec.cli.gather import gather, plan_of
    from mltspec.compile.files import load, roots_of
    from mltspec.compile.linking import link
    from mltspec.engine.settings import Settings, cores
    from mltspec.evidence.pipeline import PipelineAsk, PipelineEvidence

    found = {key: each for key, each in link(load(spec)).names.of("pipeline").items() if not each.faulty}
    chosen = name or (next(iter(found)) if len(found) == 1 else None)
    if chosen not in found:
        known = ", ".join(f"`{each}`" for each in found) or "none"
        raise click.UsageError(f"say which pipeline, `--pipeline NAME`: `{spec}` declares {known}")
    pipeline = found[chosen].subject
    unknown = [each for each in stages if each not in found[chosen].stages]
    if unknown:
        raise click.UsageError(f"`{chosen}` has no stage `{unknown[0]}`; it has {', '.join(found[chosen].stages)}")
    ask = PipelineAsk.model_validate({"pipeline": pipeline, "rows": rows, "seed": seed})
    plan, (id,) = plan_of([ask], roots_of(spec))
    seen = gather(plan, Settings(workers=cores(), store=store))[id]
    assert isinstance(seen, PipelineEvidence)
    broken = next((each for each in seen.stages if each.ended not in ("done", "not run")), None)
    if broken is not None:
        raise click.ClickException(f"stage `{broken.name}` does not end well: {broken.error}; no run to go by")
    written = 0
    for stage in seen.stages:
        tables = [each for each in stage.tables if each.rows and not each.unreadable]
        for table in tables if not stages or stage.name in stages else []:
            written += 1
            print("\n".join(contract(stage.name, table, rows, len(stage.tables) == 1)), end="\n\n")
    if not written:
        raise click.ClickException("no stage wrote a table (CSV, TSV, Parquet, NPZ) that a contract could be about")
    ctx.exit(Exit.HELD)
