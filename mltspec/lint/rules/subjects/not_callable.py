"""A Python target of the wrong kind: a constant where something is called, a function where settings are due.

A run would end before anything is measured.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mltspec.lint.rule import Offence, Rule
from mltspec.lint.subjects import DICTS, targets
from mltspec.lint.view import View

LITERALS = (ast.Constant, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.JoinedStr)


def look(view: View) -> Iterator[Offence]:
    """Look at what binds each target's name, where that is plain."""
    for target in targets(view):
        found, role = target.target, target.named.role
        if found is None:
            continue
        match found.node:
            case ast.Assign(value=value) | ast.AnnAssign(value=value) if isinstance(value, LITERALS):
                wrong = not isinstance(value, ast.Dict) if role in DICTS else True
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                wrong = role in DICTS
            case _:
                wrong = False
        if wrong:
            due = "a dict" if role in DICTS else "something to call"
            line = f"{found.module.file.name}:{found.node.lineno}" if found.node else found.module.file.name
            yield Offence(f"{due} is due, and `{target.named.text}` is none", target.named.span, help=f"see {line}")


RULE = Rule(
    look,
    bad='edition 2026\ndata history = python "flights.data:ROWS"',
    good='edition 2026\ndata history = python "flights.data:training"',
    files={"flights/data.py": "ROWS = 32\n\ndef training():\n    return [[0.0]], [[1.0]]\n"},
)
