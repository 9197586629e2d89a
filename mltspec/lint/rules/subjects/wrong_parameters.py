"""A function that cannot be called as a run calls it.

Models and data are built without arguments; a training job gets its work folder, and its seed if it takes one; raw rows
are handed to `features` and `serving`, a model and a folder to `export`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mltspec.lint.python import parameters
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.subjects import targets
from mltspec.lint.view import View

GIVEN = {"build": 0, "data": 0, "raw": 0, "train": 1, "features": 1, "serving": 1, "export": 2}
AS = {1: {"train": "(workdir)", "features": "(raw)", "serving": "(raw)"}, 2: {"export": "(model, folder)"}}
SEED = "seed"


def look(view: View) -> Iterator[Offence]:
    """Hold the parameters of functions against what they are called with."""
    for target in targets(view):
        found, role = target.target, target.named.role
        if found is None or not isinstance(found.node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if role not in GIVEN or found.node.decorator_list:
            continue
        given = GIVEN[role]
        names, required, takes_more = parameters(found.node)
        too_many = [each for each in required[given:] if not (role == "train" and each == SEED)]
        if too_many or (len(names) < given and not takes_more):
            form = AS.get(given, {}).get(role, "()")
            what = f"needs `{too_many[0]}`, which is not given" if too_many else "does not take what it is given"
            line = f"{found.module.file.name}:{found.node.lineno}"
            yield Offence(
                f"`{target.named.text}` {what}",
                target.named.span,
                f"called as `{found.node.name}{form}`",
                f"see {line}",
            )


RULE = Rule(
    look,
    bad='edition 2026\ndata history = python "flights.data:load"',
    good='edition 2026\ndata history = python "flights.data:training"',
    files={
        "flights/data.py": "def load(path):\n    return path, path\n\ndef training():\n    return load('history.csv')\n"
    },
)
