"""Whether to colour, decided once for every verb."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Literal, TextIO, TypeVar

import click

Mode = Literal["auto", "always", "never"]
F = TypeVar("F", bound=Callable[..., Any])


def color_option(function: F) -> F:
    """Add ``--color``."""
    option = click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        help="Colour the output; auto: on a terminal. NO_COLOR and FORCE_COLOR are honoured.",
    )
    return option(function)


def wants_color(mode: Mode, stream: TextIO) -> bool:
    """Return whether to colour what is written to a stream."""
    if mode != "auto":
        return mode == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or (stream.isatty() and os.environ.get("TERM") != "dumb")
