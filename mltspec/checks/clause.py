"""What may follow the phrase of a check, or of a declaration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Clause:
    """Words that may follow a phrase, in any order, at most once each.

    ``form`` is the pattern: plain words, comparison operators, and slots ``{field:kind}``. A slot's kind
    is a dimension (``ratio``, ``time``, ``steps|epochs``: several may be allowed), ``number``, ``count``
    (a bare whole number), ``name``, ``names``, ``data``, ``baseline`` (with a margin), ``server``, ``metric``,
    ``text``, ``range``, ``date``, ``compare`` (an operator), ``shape``, ``literal`` (a number, a text or a word),
    ``callable`` (``"module:callable"``), or choices parted by ``/`` (``save/`` is the only one).
    ``default`` is written as an author would write it; a clause without one is optional and its fields stay
    None, unless it is ``required``.
    """

    form: str
    help: str
    default: str | None = None
    required: bool = False
