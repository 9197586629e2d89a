"""Text to tree, and every mistake on the way, in one pass; never raises.

Four steps, each of which leaves less that can go wrong: the text is cut into tokens; tokens that are
not the language are reported and mended; brackets are matched; statements are parsed, with recovery.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

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

    Statements with a mistake that could not be mended are not in ``spec``; all others are.
    """

    spec: Spec
    diagnostics: tuple[Diagnostic, ...]
    lexed: tuple[Token, ...] | None = field(default=None, repr=False, compare=False)

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """What the text consists of, comments included, blank space left out."""
        return self.lexed if self.lexed is not None else tuple(lex(self.spec.source.text, spaces=False))


def parse(source: Source) -> Parsed:
    """Read a spec; what is wrong with it is in ``diagnostics``, in the order of the text."""
    tokens = tuple(lex(source.text, spaces=False))
    spec, found = parse_statements(source, tokens)
    return replace(finished(spec, found, tokens), lexed=tokens)


def parse_statements(source: Source, tokens: tuple[Token, ...]) -> tuple[Spec, list[Diagnostic]]:
    """Read statements, be they a whole spec or a part of one: all but its edition, which is of the whole."""
    ignored = load().ignored
    significant = [token for token in tokens if token.kind not in ignored]
    mended, slips = mend(source, significant)
    matched, unmatched = balance(source, mended)
    machine = Machine(Builder(source, docs_by_statement(tokens)))
    recovery = Recovery(source, machine, matched, reported=unmatched)
    return recovery.run(), [*slips, *unmatched, *recovery.diagnostics]


def finished(spec: Spec, found: list[Diagnostic], typed: Sequence[Token]) -> Parsed:
    """Look at a spec's edition, and put its diagnostics in order.

    ``typed`` are tokens of the text, those of editions among them.
    """
    spec, editions = check_edition(spec, typed)
    found = [*found, *editions]
    if any(one.name == "unknown-edition" for one in found):
        found = [one for one in found if one.name == "unknown-edition"]
    found.sort(key=lambda one: (one.primary.span.start, one.primary.span.end))
    return Parsed(spec, tuple(found[:MOST]))
