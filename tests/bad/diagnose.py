"""Which part of mltspec speaks about the specs of a folder; a new folder adds a line to ``DIAGNOSERS``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from mltspec.compile.specs import compile_specs
from mltspec.language.diagnostic import Diagnostic
from mltspec.language.parse import parse
from mltspec.language.source import Source


def _syntax(source: Source) -> Iterable[Diagnostic]:
    return parse(source).diagnostics


def _meaning(source: Source) -> Iterable[Diagnostic]:
    return compile_specs([Path(__file__).parent / "meaning" / source.path], shown_as=source.path).diagnostics


DIAGNOSERS: dict[str, Callable[[Source], Iterable[Diagnostic]]] = {
    "syntax": _syntax,
    "meaning": _meaning,
}


def diagnose(path: Path) -> list[Diagnostic]:
    """All diagnostics of a spec, shown under its bare file name."""
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    return list(DIAGNOSERS[path.parent.name](Source(path.name, text)))
