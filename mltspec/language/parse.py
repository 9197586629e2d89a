"""Text to tree, and every mistake on the way, in one pass; never raises.

Four steps, each of which leaves less that can go wrong: the text is cut into tokens; tokens that are
not the language are reported and mended; brackets are matched; statements are parsed, with recovery.
"""

from __future__ import annotations

from dataclasses import dataclass

from mltspec.language.brackets import balance
from mltspec.language.build import Builder
from mltspec.language.diagnostic import MOST, Diagnostic
from mltspec.language.edition import check_edition
from mltspec.language.machine import Machine
from mltspec.language.recovery import Recovery
from mltspec.language.slips import mend
from mltspec.language.source import Source
from mltspec.language.tables import load
from mltspec.language.tokens import Token, docs_by_statement, lex
from mltspec.language.tree import Spec


@dataclass(frozen=True)
class Parsed:
    """A spec as far as it could be read.

    ``tokens`` hold every character of the text, blank space and comments included, and join to it.
    Statements with a mistake that could not be mended are not in ``spec``; all others are.
    """

    spec: Spec
    diagnostics: tuple[Diagnostic, ...]
    tokens: tuple[Token, ...]


def parse(source: Source) -> Parsed:
    """Read a spec; what is wrong with it is in ``diagnostics``, in the order of the text."""
    tokens = tuple(lex(source.text))
    ignored = load().ignored
    significant = [token for token in tokens if token.kind not in ignored]
    mended, slips = mend(source, significant)
    matched, unmatched = balance(source, mended)
    machine = Machine(Builder(source, docs_by_statement(tokens)))
    recovery = Recovery(source, machine, matched, reported=unmatched)
    spec = recovery.run()
    spec, editions = check_edition(spec, significant)
    found = [*slips, *unmatched, *recovery.diagnostics, *editions]
    if any(one.name == "unknown-edition" for one in found):
        found = [one for one in found if one.name == "unknown-edition"]
    found.sort(key=lambda one: (one.primary.span.start, one.primary.span.end))
    return Parsed(spec, tuple(found[:MOST]), tokens)
