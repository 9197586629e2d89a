"""`mltspec track`: hand runs on to a tracker of experiments."""

from __future__ import annotations

from pathlib import Path

import click

from mltspec.cli.report import read_report
from mltspec.report.trackers import mlflow, tensorboard
from mltspec.report.trackers.tensorboard import NotInstalled


@click.command(
    epilog="\b\nExamples:\n  mltspec track run.json --tensorboard logs\n"
    "  mltspec track nightly/*.json --mlflow http://127.0.0.1:5000\n"
)
@click.argument(
    "runs", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="RUN.json..."
)
@click.option(
    "--tensorboard", "folder", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help="Write event files below FOLDER.",
)  # fmt: skip
@click.option("--mlflow", "uri", metavar="URI", help="Log to an MLflow server or store.")
@click.option("--experiment", default=mlflow.EXPERIMENT, show_default=True, help="MLflow's experiment.")
def command(runs: tuple[Path, ...], folder: Path | None, uri: str | None, experiment: str) -> None:
    """Hand the JSON reports of runs on to TensorBoard or MLflow.

    Verdicts (1 held, 0 did not), measured values and the lines of every curve become series under the expectation's id.
    """
    if folder is None and uri is None:
        raise click.UsageError("say where to: `--tensorboard FOLDER` or `--mlflow URI`")
    for file in runs:
        run = read_report(file)
        try:
            if folder is not None:
                click.echo(f"wrote {tensorboard.write(run, folder)}")
            if uri is not None:
                click.echo(f"logged {file} as run {mlflow.write(run, uri, experiment)}")
        except NotInstalled as missing:
            raise click.UsageError(str(missing)) from missing
        except Exception as problem:  # whatever a tracker's client raises, it is about the place that was named
            raise click.ClickException(f"cannot write to `{folder or uri}`: {problem}") from problem
