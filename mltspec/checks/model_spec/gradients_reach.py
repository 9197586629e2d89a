"""Gradients reach every weight.

A variable whose gradient is None, not finite, or exactly zero on every batch is not trained: a layer that
rounds, a `stop_gradient`, a branch that no output uses, a dead or saturated unit, weights that start at zero.
Units that start alike and stay alike after the first steps are one unit. A gradient that is there but ten thousand
times smaller than another, in a model that answers all rows alike, vanishes on its way. Variables that are frozen on
purpose must stand still, and every trainable one must be known to the optimizer.

    expect gradients reach every weight

Zero is judged over several batches and over the whole variable, because single rows of an embedding are
rightly untouched; a head that starts at zero passes, because its units part in the first step. What the model declares
`frozen` needs no gradient. Inconclusive never; a model without trainable weights fails.

Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
AISTATS 2010, section 4.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.wording import failed, figure, listed, number, passed, plural
from mltspec.evidence.kind import Ask, Evidence, Kind
from mltspec.plan.picture import Bar, Bars, Picture
from mltspec.plan.subject import Data, Model
from mltspec.plan.verdict import Figure, Judgement, Verdict
from mltspec.plan.wire import Wire


class GradientsAsk(Ask):
    """Gradients of the training loss at fresh weights, over the first ``batches`` batches."""

    kind: ClassVar[str] = "gradients"
    model: Model
    data: Data
    seed: int
    batches: int

    def label(self) -> str:
        """Name the measurement as its report does."""
        return f"gradients of {self.model.name}"


class VariableGradient(Wire):
    """One trainable variable: its path, and its gradient over all batches looked at.

    ``missing`` when the tape found no path from the loss; ``largest`` is the largest absolute entry. ``kernel``: it is
    a weight of several units. ``started_at`` is the value with which all of its entries start, None where they differ;
    ``alike`` that its units were the same before the first step and still after the last.
    """

    path: str
    missing: bool
    finite: bool
    largest: float
    known_to_optimizer: bool
    kernel: bool = False
    started_at: float | None = None
    alike: bool = False


class GradientsEvidence(Evidence):
    """Every trainable variable's gradient; frozen variables that one training step moved all the same.

    ``spread`` is how far outputs differ between rows, relative to their size, before or after the steps, whichever is
    more; None for a single row. ``squashing`` counts the layers with an activation that saturates on both sides
    (sigmoid, tanh).
    """

    batches: int
    variables: tuple[VariableGradient, ...]
    frozen: int
    frozen_moved: tuple[str, ...]
    spread: float | None = None
    squashing: int = 0


GRADIENTS = Kind("gradients", GradientsAsk, GradientsEvidence, "mltspec.subjects.observers.gradients:observe", 2)
MOST_BARS = 80
VANISHED = 1e-4
"""A share of a gradient, or of an output, that training in single precision makes nothing of."""


class GradientsParams(Params):
    """Over how many batches a gradient must be zero to be called zero."""

    over: int


def asks(params: GradientsParams, scope: Scope) -> Sequence[Ask]:
    """One look at fresh weights."""
    return [GradientsAsk(model=scope.model, data=scope.training, seed=scope.seed, batches=params.over)]


def judge(params: GradientsParams, evidence: Sequence[GradientsEvidence]) -> Judgement:
    """Every trainable variable must have a finite gradient that is not zero everywhere."""
    (seen,) = evidence
    total = len(seen.variables)
    if total == 0:
        return failed(
            f"the model has no trainable weight ({plural(seen.frozen, 'frozen variable')}); nothing can be learnt",
            figure(0, "0 trainable weights"),
        )
    faults = [(text, [v.path for v in seen.variables if wrong(v)]) for text, wrong in FAULTS]
    vanished = _vanished(seen)
    faults += [(_vanishing(seen), vanished), ("{} is frozen but moved in one training step", list(seen.frozen_moved))]
    wrong = [text.format(listed(paths)) for text, paths in faults if paths]
    reached = total - len({path for _, paths in faults for path in paths if path not in seen.frozen_moved})
    measured = figure(reached, f"{reached} of {plural(total, 'weight')}")
    bound = Figure(text=f"all {plural(total, 'weight')}", value=total)
    if wrong:
        return failed("; ".join(wrong), measured, bound)
    over = f"{seen.batches} batch{'' if seen.batches == 1 else 'es'}"
    reached_all = f"a finite, non-zero gradient reaches all {plural(total, 'weight')} over {over}"
    return passed(reached_all, measured, bound)


FAULTS: tuple[tuple[str, Callable[[VariableGradient], bool]], ...] = (
    (
        "no gradient reaches {} (the loss does not depend on it, or something on the way is not differentiable)",
        lambda v: v.missing,
    ),
    ("the gradient of {} is not finite", lambda v: not v.missing and not v.finite),
    (
        "all weights of {} start at zero (zero initialisation) and no gradient reaches them: the units of a layer are "
        "identical (symmetric), and stay so; initialise them at random (glorot_uniform)",
        lambda v: _zero(v) and v.alike and v.started_at == 0.0,
    ),
    (
        "the gradient of {} is zero on every batch (dead or saturated units, a branch that passes no gradient, or "
        "weights further on that start at zero)",
        lambda v: _zero(v) and not (v.alike and v.started_at == 0.0),
    ),
    (
        "the units of {} start identical and are still identical after the first steps (symmetric initialisation): "
        "they count for one unit only; initialise them at random (glorot_uniform)",
        lambda v: v.alike and not v.missing and v.finite and v.largest > 0.0,
    ),
    ("the optimizer does not know {}", lambda v: not v.known_to_optimizer),
)
"""What can be wrong with a variable: how it is said, and when."""


def depict(params: GradientsParams, evidence: Sequence[GradientsEvidence]) -> Sequence[Picture]:
    """Show the largest gradient of every weight, in the model's order."""
    (seen,) = evidence
    bars = tuple(
        Bar(
            name=v.path,
            value=0.0 if v.missing else v.largest,
            note="no gradient" if v.missing else "" if v.finite else "not finite",
            held=not any(wrong(v) for _, wrong in FAULTS) and v.path not in _vanished(seen),
        )
        for v in seen.variables[:MOST_BARS]
    )
    return [Bars(title="largest gradient by weight", value="largest absolute gradient", bars=bars, log=True)]


def _zero(variable: VariableGradient) -> bool:
    return not variable.missing and variable.finite and variable.largest == 0.0


def _vanished(seen: GradientsEvidence) -> list[str]:
    """Return the kernels whose gradient is next to nothing beside another's, where outputs hardly differ between rows.

    Either alone is healthy: an auxiliary loss may be faint, and a last layer that starts at zero answers all rows
    alike.
    """
    if any(v.kernel and v.started_at == 0.0 for v in seen.variables):
        return []
    sizes = {v.path: v.largest for v in seen.variables if v.kernel and v.finite and not v.missing and v.largest > 0.0}
    if seen.spread is None or seen.spread > VANISHED or not sizes:
        return []
    return [path for path, size in sizes.items() if size < VANISHED * max(sizes.values())]


def _vanishing(seen: GradientsEvidence) -> str:
    sizes = {v.path: v.largest for v in seen.variables if v.kernel and v.largest > 0.0}
    if not sizes or seen.spread is None:
        return "the gradient of {} vanishes"
    through = f"through {seen.squashing} layers that saturate (sigmoid, tanh)" if seen.squashing > 2 else "on its way"
    return (
        f"the gradient of {{}} vanishes {through}: its largest entry is {number(min(sizes.values()))}, where that of "
        f"{listed([max(sizes, key=lambda path: sizes[path])])} is {number(max(sizes.values()))}, and the outputs "
        f"hardly depend on the inputs (they differ between rows by {number(seen.spread)} of their size); take ReLU "
        "with He initialisation, normalise between layers, or make it less deep"
    )


def _gradient(path: str, largest: float) -> VariableGradient:
    return VariableGradient(path=path, missing=False, finite=True, largest=largest, known_to_optimizer=True)


def _kernel(path: str, largest: float) -> VariableGradient:
    return _gradient(path, largest).model_copy(update={"kernel": True})


CHECK = Check(
    name="gradients-reach",
    test=2,
    phrase="gradients reach every weight",
    summary="Every trainable variable gets a finite gradient that is not always zero.",
    params=GradientsParams,
    evidence=GradientsEvidence,
    kinds=(GRADIENTS,),
    asks=asks,
    judge=judge,
    depict=depict,
    clauses=(
        Clause(
            "over {over:count} batches",
            "batches over which a gradient must be zero to be called zero",
            default="over 4 batches",
        ),
    ),
    examples=lambda: (
        Example(
            "expect gradients reach every weight",
            (GradientsEvidence(batches=4, variables=(_gradient("dense/kernel", 0.3),), frozen=0, frozen_moved=()),),
            Verdict.PASSED,
            "a finite, non-zero gradient reaches all 1 weight over 4 batches",
        ),
        Example(
            "expect gradients reach every weight",
            (
                GradientsEvidence(
                    batches=4,
                    variables=(_gradient("dense/kernel", 0.0), _gradient("head/kernel", 1.0)),
                    frozen=0,
                    frozen_moved=(),
                ),
            ),
            Verdict.FAILED,
            "the gradient of `dense/kernel` is zero on every batch",
        ),
        Example(
            "expect gradients reach every weight",
            (
                GradientsEvidence(
                    batches=4,
                    variables=(_gradient("dense/kernel", 0.0).model_copy(update={"alike": True, "started_at": 0.0}),),
                    frozen=0,
                    frozen_moved=(),
                ),
            ),
            Verdict.FAILED,
            "all weights of `dense/kernel` start at zero (zero initialisation) and no gradient reaches them",
        ),
        Example(
            "expect gradients reach every weight",
            (
                GradientsEvidence(
                    batches=4,
                    variables=(_kernel("dense/kernel", 3e-10), _kernel("head/kernel", 0.02)),
                    frozen=0,
                    frozen_moved=(),
                    spread=7e-7,
                    squashing=12,
                ),
            ),
            Verdict.FAILED,
            "the gradient of `dense/kernel` vanishes through 12 layers that saturate (sigmoid, tanh)",
        ),
    ),
)
