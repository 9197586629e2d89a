"""`mltspec lsp`: the language server, for editors to start."""

from __future__ import annotations

import logging
import sys

import click

from mltspec.cli.start import settle

LEVELS = ("error", "warning", "info", "debug")


@click.command(
    epilog="\b\nExamples:\n  mltspec lsp                 what an editor is told to start\n  mltspec lsp --log debug\n"
)
@click.option("--stdio", is_flag=True, help="Speak over standard input and output: what it does anyway.")
@click.option("--log", "level", type=click.Choice(LEVELS), default="warning", help="What is told on standard error.")
@click.pass_context
def command(ctx: click.Context, /, stdio: bool, level: str) -> None:
    """Serve an editor: findings, completion, hover, and what else the language server protocol has.

    It speaks over standard input and output and is started by the editor, not by hand. It reads specs and the
    Python that they name, and imports neither a framework nor anything of yours.
    """
    logging.basicConfig(level=level.upper(), stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    try:
        from mltspec.editor.server import run
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] not in ("pygls", "lsprotocol", "cattrs", "attrs", "attr"):
            raise
        raise click.UsageError("the language server needs `pip install 'mltspec[lsp]'`") from missing
    settle()
    ctx.exit(run())
