"""The `mltspec` command. Each verb is imported only when it is called, so that all of them start at once."""

from __future__ import annotations

import io
import os
import signal
import sys
from importlib import import_module
from types import FrameType
from typing import NoReturn

import click

from mltspec import __version__
from mltspec.cli.start import hasten

VERBS = {
    "run": ("mltspec.cli.run", "Judge the expectations of specs, and gather what is needed for it."),
    "watch": ("mltspec.cli.watch", "Run specs on a schedule and when a new version appears, and keep a history."),
    "check": ("mltspec.cli.check", "Check a Python module by the standard packs, without a spec."),
    "init": ("mltspec.cli.init", "Write the spec that `check` would run, ready to edit."),
    "trace": ("mltspec.cli.trace", "Follow one batch through a model, layer by layer, to what is served."),
    "mutate": ("mltspec.cli.mutate", "Put known faults into the subject, and see which expectation catches each."),
    "plan": ("mltspec.cli.plan", "Show what a run would judge and gather, every default filled in."),
    "calibrate": ("mltspec.cli.calibrate", "Train from several seeds, and propose bounds that sound runs seldom miss."),
    "baseline": ("mltspec.cli.baseline", "Keep versions of a model to compare with: save, list, show, diff, rm."),
    "pipeline": ("mltspec.cli.pipeline", "Propose contracts for what a pipeline's stages write: propose."),
    "lint": ("mltspec.cli.lint", "Find mistakes in specs without running anything."),
    "fmt": ("mltspec.cli.fmt", "Bring specs into the one style."),
    "explain": ("mltspec.cli.explain", "Explain a check, or a finding of lint."),
    "list": ("mltspec.cli.listing", "List the expectations of specs by id."),
    "lsp": ("mltspec.cli.lsp", "Serve an editor: findings, completion and all else while you type."),
    "store": ("mltspec.cli.store", "Look after the evidence that runs have kept: stats, verify, gc."),
    "report": ("mltspec.cli.report", "Convert or merge the reports of runs: HTML, JUnit, SARIF and others."),
    "diff": ("mltspec.cli.diff", "Tell which expectations a change of specs weakens or tightens."),
    "score": ("mltspec.cli.score", "Count the ML Test Score of the infrastructure section, from runs on record."),
    "track": ("mltspec.cli.track", "Hand runs on to TensorBoard or MLflow."),
    "doctor": ("mltspec.cli.doctor", "Look over this machine: versions, memory, store, devices."),
}

READING = frozenset({"lint", "fmt", "list", "explain"})
"""Verbs that only read specs or lay them out: they start no process and make no record of anybody else's."""

EPILOG = """
\b
Examples:
  mltspec run                                    every spec below `specs` (or here)
  mltspec run specs/delay.mlt:52                 the expectation on that line
  mltspec run specs/delay.mlt::training -x       one suite, up to its first failure
  mltspec run --tag 'commit and not slow' --html run.html --junit run.xml
  mltspec trace specs/delay.mlt --rows 0..7      one batch, from raw row to served answer
  mltspec lint specs                             before every commit: takes a blink
  mltspec explain training-reproducible          what a check claims, and its clauses

\b
Exit codes:
    0  all held                     3  a spec is wrong
    1  an expectation failed        4  could not judge: broken code, a time limit, too little evidence
    2  wrong usage                  5  nothing ran                    130  interrupted
"""


class Verbs(click.Group):
    """A group that knows its verbs by name and imports one when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of their use."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a verb."""
        if cmd_name not in VERBS:
            return None
        command = import_module(VERBS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Verbs"):
            formatter.write_dl([(name, summary) for name, (_, summary) in VERBS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb; a slip of the finger is told with what was perhaps meant."""
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            from mltspec.language.suggest import closest

            near = closest(args[0], VERBS)
            hint = f"did you mean `{near[0]}`?" if near else f"verbs: {', '.join(VERBS)}"
            raise click.UsageError(f"there is no verb `{args[0]}`; {hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(
    cls=Verbs,
    epilog=EPILOG,
    subcommand_metavar="VERB [ARGS]...",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", message="%(prog)s %(version)s")
def mltspec() -> None:
    """Say in a .mlt file what must hold before a model is released, and prove it."""


def main() -> NoReturn:
    """Run the command line and end the process with an exit code of ``mltspec.cli.exits``."""
    hasten()
    _show_anything()
    signal.signal(signal.SIGTERM, _interrupt)
    code = _call()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()
    sys.exit(code)


def _call() -> int:
    if len(sys.argv) > 1 and sys.argv[1] in READING:
        # Looking for pydantic's plugins costs a tenth of such a command's time; none could change what is read.
        os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"
    return _ended()


def _ended() -> int:
    """A fault of ours must not look like a failed expectation, so it never ends with Python's own 1."""
    try:
        code = mltspec.main(prog_name="mltspec", standalone_mode=False)
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except BrokenPipeError:
        _close_stdout()
        return 0
    except Exception:
        import traceback

        traceback.print_exc()
        click.echo("mltspec itself broke; nothing is said about your model", err=True)
        return 4
    return int(code or 0)


def _show_anything() -> None:
    """Print what a terminal's encoding cannot show as escapes instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _close_stdout() -> None:
    """Whoever read our output has gone: keep Python from complaining about it at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
