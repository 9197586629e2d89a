"""Activations are alive: hidden units tell rows apart.

A unit that answers every row alike has no part in what the model knows: a rectifier that never opens, a sigmoid at the
end of its range, a layer whose weights are all zero. A few such units are common and do no harm; a whole layer of them
ends the signal, and with it the gradient. The units of every hidden layer are looked at over training rows.

    expect activations alive

It fails where all units of a layer are constant though what the layer is given is not, or nine in ten of them are and
the model is no better than a simple one. What is frozen on purpose is still expected to pass a signal on.

Skipped where there is no hidden layer; inconclusive where the answers are not finite.

Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", AISTATS 2010,
section 3 (saturation); Lu et al., "Dying ReLU and initialization", Communications in Computational Physics 28, 2020.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Example, Params, Scope
from mltspec.checks.quality.example_looks import look, units
from mltspec.checks.quality.likely_causes import dead_layer, passes_nothing_on
from mltspec.checks.quality.standing import fell_short
from mltspec.checks.wording import failed, figure, inconclusive, nothing, passed, plural, share
from mltspec.evidence.kind import Ask
from mltspec.evidence.trained import TRAINED, LayerUnits, TrainedAsk, TrainedEvidence
from mltspec.evidence.training import TRAINING
from mltspec.plan.picture import Bar, Bars, Picture
from mltspec.plan.verdict import Figure, Judgement, Verdict

MOST = 0.9
BOUND = Figure(text="units that tell rows apart in every hidden layer")


def asks(params: Params, scope: Scope) -> Sequence[Ask]:
    """One look at the trained model."""
    return [TrainedAsk(run=scope.run(), data=scope.training, confidence=scope.confidence)]


def judge(params: Params, evidence: Sequence[TrainedEvidence]) -> Judgement:
    """Fail if a hidden layer tells no rows apart, or hardly any of it does in a model that learnt nothing."""
    (seen,) = evidence
    if not seen.training.finite:
        return inconclusive("the answers are not finite, so units cannot be looked at")
    if dead_layer(seen) is not None:
        return failed(passes_nothing_on(seen), figure(0, "0 units alive"), BOUND)
    worst = max(seen.layers, key=_still, default=None)
    if worst is None:
        return nothing("there is no hidden layer whose units could be dead", BOUND)
    measured = figure(1 - _still(worst), f"{share(1 - _still(worst))} alive in the worst layer")
    if _still(worst) >= MOST and fell_short(seen.training):
        return failed(
            f"{_told(worst)} answer the same to every row (dead or saturated), and the model is no better than a "
            "simple one; "
            "a high learning rate, or weights and biases that start too large, can shut units for good",
            measured,
            BOUND,
        )
    return passed(f"hidden units tell rows apart; at the most {_told(worst)} do not", measured, BOUND)


def _still(layer: LayerUnits) -> float:
    return (layer.constant + layer.faint) / layer.units


def _told(layer: LayerUnits) -> str:
    return f"{layer.constant + layer.faint} of {plural(layer.units, 'unit')} of `{layer.path}` ({layer.kind})"


def depict(params: Params, evidence: Sequence[TrainedEvidence]) -> Sequence[Picture]:
    """Show the share of each layer's units that tell rows apart, from the input on."""
    bars = tuple(
        Bar(
            name=layer.path,
            value=1 - (layer.constant + layer.faint) / layer.units,
            note=f"{layer.units - layer.constant - layer.faint:,} of {plural(layer.units, 'unit')}",
        )
        for layer in evidence[0].layers
        if layer.units
    )
    return [Bars(title="units that tell rows apart, by layer", value="share of units", bars=bars)] if bars else []


CHECK = Check(
    name="activations-alive",
    test=2,
    phrase="activations alive",
    summary="No hidden layer of the trained model answers all rows alike.",
    params=Params,
    evidence=TrainedEvidence,
    kinds=(TRAINED, TRAINING),
    asks=asks,
    judge=judge,
    depict=depict,
    examples=lambda: (
        Example(
            "expect activations alive",
            (look(),),
            Verdict.PASSED,
            "at the most 3 of 32 units of `sequential/hidden` (Dense, relu) do not",
        ),
        Example(
            "expect activations alive",
            (look(layers=(units(constant=32, zero=32),)),),
            Verdict.FAILED,
            "all 32 units of `sequential/hidden` (Dense, relu) answer 0 to every row, so no gradient passes back",
        ),
    ),
)
