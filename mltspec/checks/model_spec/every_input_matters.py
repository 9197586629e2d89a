"""Every input matters.

An input that no answer depends on was lost on the way: a column cut off, a branch that joins nothing, a feature
overwritten by another. Each input that varies in the training rows is set to several of its values, all else as it was,
and the trained model answers; an input is ignored only if every output stays bitwise the same on every row tried.

    expect every input matters

A column of a table is an input. Where layers see positions (convolutions, pooling, sequences), whole inputs are,
since a position at an edge may rightly be dropped. Inputs that do not vary are not judged.

Inconclusive where no input varies.

Source: Fisher, Rudin and Dominici, "All models are wrong, but many are useful", JMLR 20, 2019, section 3 (permuting an
input to see whether a model relies on it); Breck et al., "What's your ML Test Score?", NIPS 2016, data test 2.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Params, Scope
from mltspec.checks.quality.example_looks import look
from mltspec.checks.wording import failed, figure, inconclusive, listed, passed, plural
from mltspec.evidence.kind import Ask
from mltspec.evidence.trained import TRAINED, InputsLook, TrainedAsk, TrainedEvidence
from mltspec.evidence.training import TRAINING
from mltspec.plan.verdict import Figure, Judgement, Verdict


def asks(params: Params, scope: Scope) -> Sequence[Ask]:
    """One look at the trained model."""
    return [TrainedAsk(run=scope.run(), data=scope.training, confidence=scope.confidence)]


def judge(params: Params, evidence: Sequence[TrainedEvidence]) -> Judgement:
    """Fail if an input that varies changes no answer."""
    (seen,) = evidence
    inputs = seen.inputs
    if not seen.training.finite:
        return inconclusive("the answers are not finite, so nothing can be told of what they depend on")
    if inputs.tried == 0:
        return inconclusive("no input varies in the training rows, so none can be set to another of its values")
    bound = Figure(text=f"all {plural(inputs.tried, 'input')}", value=inputs.tried)
    matter = inputs.tried - len(inputs.ignored)
    measured = figure(matter, f"{matter} of {plural(inputs.tried, 'input')}")
    if not inputs.ignored:
        more = f" ({inputs.skipped} more were not tried)" if inputs.skipped else ""
        return passed(f"answers depend on all {plural(inputs.tried, 'input')} that vary{more}", measured, bound)
    if matter == 0:
        return failed(
            f"answers depend on no input: whichever of {plural(inputs.tried, 'input')} is set to other values, every "
            "output "
            "stays bitwise the same; the answer is constant",
            measured,
            bound,
        )
    return failed(
        f"answers do not depend on {listed(inputs.ignored)}: whatever its values, every output stays bitwise the "
        "same on "
        f"{plural(inputs.rows, 'row')}; look for an input that is dropped, overwritten or multiplied by zero on its "
        "way",
        measured,
        bound,
    )


CHECK = Check(
    name="every-input-matters",
    test=2,
    phrase="every input matters",
    summary="The trained model's answers depend on every input that varies.",
    params=Params,
    evidence=TrainedEvidence,
    kinds=(TRAINED, TRAINING),
    asks=asks,
    judge=judge,
    examples=lambda: (
        Example(
            "expect every input matters",
            (look(),),
            Verdict.PASSED,
            "answers depend on all 64 inputs that vary",
        ),
        Example(
            "expect every input matters",
            (look(inputs=InputsLook(tried=3, rows=16, ignored=("input[age]",), skipped=0)),),
            Verdict.FAILED,
            "answers do not depend on `input[age]`: whatever its values",
        ),
    ),
)
