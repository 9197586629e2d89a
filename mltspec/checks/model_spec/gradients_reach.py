"""Gradients reach every weight.

A variable whose gradient is None, not finite, or exactly zero on every batch is not trained: a layer that
rounds, a `stop_gradient`, a branch that no output uses, a dead or saturated unit, weights that start at zero.
Variables that are frozen on purpose must stand still, and every trainable one must be known to the optimizer.

    expect gradients reach every weight

Zero is judged over several batches and over the whole variable, because single rows of an embedding are
rightly untouched. Inconclusive never; a model without trainable weights fails.

Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
AISTATS 2010, section 4.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.wording import failed, figure, listed, passed, plural
from mltspec.evidence.kind import Ask, Evidence, Kind
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

    ``missing`` when the tape found no path from the loss; ``largest`` is the largest absolute entry.
    """

    path: str
    missing: bool
    finite: bool
    largest: float
    known_to_optimizer: bool


class GradientsEvidence(Evidence):
    """Every trainable variable's gradient; frozen variables that one training step moved all the same."""

    batches: int
    variables: tuple[VariableGradient, ...]
    frozen: int
    frozen_moved: tuple[str, ...]


GRADIENTS = Kind("gradients", GradientsAsk, GradientsEvidence, "mltspec.subjects.observers.gradients:observe")


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
    faults = [
        (text, [v.path for v in seen.variables if wrong(v)])
        for text, wrong in (
            (
                "no gradient reaches {} (the loss does not depend on it, or something on the way is not differentiable)",
                lambda v: v.missing,
            ),
            ("the gradient of {} is not finite", lambda v: not v.missing and not v.finite),
            (
                "the gradient of {} is zero on every batch (dead or saturated units, weights that start at zero, "
                "or a branch that passes no gradient)",
                lambda v: not v.missing and v.finite and v.largest == 0.0,
            ),
            ("the optimizer does not know {}", lambda v: not v.known_to_optimizer),
        )
    ]
    faults.append(("{} is frozen but moved in one training step", list(seen.frozen_moved)))
    wrong = [text.format(listed(paths)) for text, paths in faults if paths]
    reached = total - len({path for _, paths in faults for path in paths if path not in seen.frozen_moved})
    measured = figure(reached, f"{reached} of {plural(total, 'weight')}")
    bound = Figure(text=f"all {plural(total, 'weight')}", value=total)
    if wrong:
        return failed("; ".join(wrong), measured, bound)
    return passed(
        f"a finite, non-zero gradient reaches all {plural(total, 'weight')} over {plural(seen.batches, 'batch')}".replace(
            "batchs", "batches"
        ),
        measured,
        bound,
    )


def _gradient(path: str, largest: float) -> VariableGradient:
    return VariableGradient(path=path, missing=False, finite=True, largest=largest, known_to_optimizer=True)


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
    clauses=(
        Clause(
            "over {over:count} batches",
            "batches over which a gradient must be zero to be called zero",
            default="over 4 batches",
        ),
    ),
    examples=(
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
    ),
)
