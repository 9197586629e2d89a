"""What specs attest, for the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from mltspec.compile.files import load
from mltspec.compile.linking import link
from mltspec.compile.names import Attested
from mltspec.language.diagnostic import Diagnostic


def attestations(paths: Sequence[Path]) -> tuple[tuple[Attested, ...], tuple[Diagnostic, ...]]:
    """Return what specs attest, and every finding about what they declare. Nothing is executed or imported."""
    found: list[Attested] = []
    diagnostics: list[Diagnostic] = []
    for path in paths:
        linked = link(load(path))
        diagnostics += linked.diagnostics
        subjects = (declared.subject for declared in linked.names.of("attest").values())
        found += [replace(each, home=path.resolve().parent) for each in subjects if isinstance(each, Attested)]
    return tuple(found), tuple(diagnostics)
