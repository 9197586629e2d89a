"""A generator of random numbers without a seed, in code whose training is claimed to be reproducible.

The profile's seed reaches Python's, NumPy's and TensorFlow's global generators. One that is made without a seed takes
it from the operating system, and no two runs are alike: `default_rng()`, `RandomState()`, `random.Random()`,
`SystemRandom`, `tf.random.Generator.from_non_deterministic_state`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from mltspec.lint.python import calls_in
from mltspec.lint.rule import Offence, Rule
from mltspec.lint.subjects import targets
from mltspec.lint.view import View

REPEATABLE = frozenset({"training-reproducible", "restore-after-crash", "data-passes-agree"})
ALWAYS_RANDOM = frozenset({"SystemRandom", "from_non_deterministic_state", "urandom", "token_bytes", "uuid4"})
SEEDED = frozenset({"default_rng", "RandomState", "SeedSequence", "Random"})


def look(view: View) -> Iterator[Offence]:
    """Read the modules of models and data that reproducible claims are about."""
    about = [claim.setting for claim in view.claims if claim.check in REPEATABLE]
    names = {name for each in about for name in (each.model, each.training)}
    for target in targets(view):
        found = target.target if target.named.declaration.name.text in names else None
        if found is None:
            continue
        scope = found.node if isinstance(found.node, ast.FunctionDef | ast.ClassDef) else found.module.tree
        for name, call in found.module.calls if scope is found.module.tree else calls_in(scope):
            if _is_unseeded(name, call):
                yield Offence(
                    f"`{name}` draws without a seed, and training is claimed to be reproducible",
                    target.named.span,
                    "different on every run",
                    f"{found.module.file.name}:{call.lineno}: give it a seed",
                )


def _is_unseeded(name: str, call: ast.Call) -> bool:
    last = name.rpartition(".")[2]
    if last in ALWAYS_RANDOM:
        return True
    first = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg in ("seed", "entropy")), None)
    empty = first is None or (isinstance(first, ast.Constant) and first.value is None)
    return last in SEEDED and empty and not any(keyword.arg is None for keyword in call.keywords)


_SPEC = 'edition 2026\nmodel m {{ build python "m:build" }}\ndata d = python "m:{}"\nexpect training reproducible'

RULE = Rule(
    look,
    bad=_SPEC.format("noisy"),
    good=_SPEC.format("data"),
    files={
        "m.py": "import numpy as np\n\ndef build():\n    return None\n\n"
        "def noisy():\n    x = np.random.default_rng().normal(size=(8, 2))\n    return x, x\n\n"
        "def data():\n    x = np.random.default_rng(7).normal(size=(8, 2))\n    return x, x\n"
    },
)
