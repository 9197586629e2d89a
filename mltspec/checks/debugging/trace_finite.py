"""One batch can be followed from end to end, and nothing on its way is lost: no tensor that matters is not finite.

    expect trace finite
    expect trace finite of 32 rows on holdout over 3 steps

The first rows of the data are followed through every layer, a training step (loss, gradients, weights, optimizer), and
on to `predict` and the exported model. Where something ends in NaN or infinity, the first tensor that did is named with
its layer and step, and the operation that made it; so are answers that part on the way to the served model. What comes
up on the way and is thrown away (a mask of minus infinity) is no trouble.

Inconclusive where all is well as far as can be seen, but a layer runs inside a compiled function and cannot be looked
into, or no training step could be taken.

Source: Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 5 ("allow debugging by observing the
step-by-step computation of training or inference on a single example").
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.wording import failed, inconclusive, number, passed, plural
from mltspec.evidence.kind import Ask
from mltspec.evidence.trace import TRACE, Compared, Found, TraceAsk, TraceEvidence
from mltspec.evidence.training import TRAINING
from mltspec.plan.quantity import Quantity
from mltspec.plan.verdict import Figure, Judgement, Verdict

STAGES = {
    "input": "in the batch",
    "prediction": "in the forward pass",
    "training": "in the forward pass of training step {step}",
    "loss": "in training step {step}",
    "gradient": "on the way back in training step {step}",
    "update": "in the update of training step {step}",
    "predict": "in `model.predict`",
    "exported": "in the exported model",
    "served": "in the served model",
}


class TraceParams(Params):
    """How many of the first rows are followed, of which data (None: the training data), over how many steps."""

    rows: Quantity
    on: str | None
    steps: Quantity


def asks(params: TraceParams, scope: Scope) -> Sequence[Ask]:
    """One trace of a trained model."""
    data = scope.data[params.on] if params.on else scope.training
    rows = tuple(range(params.rows.count))
    return [TraceAsk(run=scope.run(), data=data, rows=rows, steps=params.steps.count)]


def judge(params: TraceParams, evidence: Sequence[TraceEvidence]) -> Judgement:
    """Whatever is not finite, or parts from the model in memory, fails; what could not be seen decides nothing."""
    (seen,) = evidence
    bound = Figure(text="finite from end to end")
    if seen.rows == 0:
        return inconclusive("there is no row to follow", bound=bound)
    if seen.found is not None:
        return failed(told(seen.found), Figure(text=seen.found.path), bound, details=_marked(seen))
    if seen.unseen:
        return inconclusive(
            f"nothing that could be seen is amiss, but not everything could: {seen.unseen[0]}", bound=bound
        )
    if seen.untaken:
        return inconclusive(
            f"the forward pass is finite, but no training step could be taken: {seen.untaken}", bound=bound
        )
    unasked = [f"the {each.where} model could not be asked ({each.why})" for each in seen.compared if each.why]
    if unasked:
        return inconclusive(f"all is finite as far as it went, but {unasked[0]}", bound=bound)
    return passed(
        f"{plural(seen.rows, 'row')} followed through {plural(len(seen.layers), 'layer')}, "
        f"{plural(len(seen.losses), 'training step')} and {plural(len(seen.weights), 'gradient')}: all finite, "
        f"loss {number(seen.losses[0] if seen.losses else math.nan)}{_parting(seen.compared)}",
        Figure(text="all finite"),
        bound,
    )


def told(found: Found) -> str:
    """Say where the first trouble is, and what it is."""
    where = STAGES[found.stage].format(step=found.step)
    operation = f" (first not finite: {found.operation})" if found.operation else ""
    return f"{where}, `{found.path}`: {found.what}{operation}"


def _marked(seen: TraceEvidence) -> list[str]:
    return [f"{layer.path}  {layer.kind}: {layer.trouble}" for layer in seen.layers if layer.trouble][:20]


def _parting(compared: Sequence[Compared]) -> str:
    parts = [f"{each.where} within {number(each.largest)}" for each in compared if each.largest is not None]
    return f"; answers by {', '.join(parts)}" if parts else ""


def _example(**more: object) -> TraceEvidence:
    plain = TraceEvidence(
        rows=8, trained_steps=40, columns=(), table=(), inputs=(), layers=(), outputs=(), losses=(0.25,), weights=(),
        slots=(), compared=(Compared(where="predict", largest=1e-7),), tolerance=1e-5, found=None, unseen=(),
        untaken="", state_left_as_found=True,
    )  # fmt: skip
    return plain.model_copy(update=more)


CHECK = Check(
    name="trace-finite",
    test=5,
    phrase="trace finite",
    summary="One batch can be followed from end to end, and all that matters is finite.",
    params=TraceParams,
    evidence=TraceEvidence,
    kinds=(TRACE, TRAINING),
    asks=asks,
    judge=judge,
    clauses=(
        Clause("of {rows:rows}", "how many of the first rows are followed", default="of 8 rows"),
        Clause("on {on:data}", "the data they are of; the training data by default"),
        Clause("over {steps:steps}", "how many training steps are taken on them", default="over 1 step"),
    ),
    examples=lambda: (
        Example(
            "expect trace finite",
            (_example(),),
            Verdict.PASSED,
            "8 rows followed through 0 layers, 1 training step and 0 gradients: all finite, loss 0.25; answers by "
            "predict within 1e-07",
        ),
        Example(
            "expect trace finite over 3 steps",
            (
                _example(
                    found=Found(
                        stage="training",
                        step=2,
                        path="model/log",
                        what="its output is not finite, though what it was given is",
                        operation="Log at model.py:12",
                    )
                ),
            ),
            Verdict.FAILED,
            "in the forward pass of training step 2, `model/log`: its output is not finite, though what it was given "
            "is (first not finite: Log at model.py:12)",
        ),
        Example(
            "expect trace finite",
            (_example(unseen=("`model/scan`: it runs inside a compiled function",)),),
            Verdict.INCONCLUSIVE,
            "not everything could: `model/scan`: it runs inside a compiled function",
        ),
    ),
)
