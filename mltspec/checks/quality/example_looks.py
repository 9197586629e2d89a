"""Looks at trained models, as checks' examples need them: healthy but for what an example changes."""

from __future__ import annotations

from mltspec.evidence.trained import (
    Association,
    Bounds,
    HeadLook,
    InputsLook,
    LayerUnits,
    Measure,
    ModesLook,
    PassesLook,
    RateTry,
    Standing,
    TrainedEvidence,
    WeightsLook,
)

ROWS = 384


def around(estimate: float, half: float = 0.04) -> Bounds:
    """Return bounds at equal distances."""
    return Bounds(estimate=estimate, low=estimate - half, high=estimate + half)


def measured(name: str, ours: float, trivial: float, linear: float) -> Measure:
    """Return a measure of right answers, with its gains."""
    wrong = [1 - each for each in (ours, trivial, linear)]
    return Measure(
        name=name,
        ours=ours,
        trivial=trivial,
        gain=around(1 - wrong[0] / wrong[1]),
        linear=linear,
        linear_gain=around(1 - wrong[2] / wrong[1]),
        short=around((wrong[0] - (wrong[1] + wrong[2]) / 2) / wrong[1]),
    )


def associated(chance: float) -> Association:
    """Return wrong answers on true and on permuted labels."""
    ours = 0.05 if chance < 0.05 else 0.9
    return Association(
        measure="share of wrong answers", ours=ours, permuted=0.9, spread=0.015, chance=chance, attainable=60.0
    )


def scored(measure: Measure, constant: bool = False, chance: float = 0.005, data: str = "holdout") -> Standing:
    """Return how one output of ten classes stands."""
    head = HeadLook(
        head="",
        task="classes",
        rows=ROWS,
        measures=(measure,),
        associations=(associated(chance),),
        constant=constant,
        ones=False,
        sums_to_one=False,
        answers="0.1, 0.1, 0.1, 0.1, …",
        fitted_on="training",
    )
    return Standing(
        data=data,
        rows=ROWS,
        heads=(head,),
        finite=True,
        unseen=(),
        loss=0.2,
        pairing=0.92,
        labels_are_inputs=False,
    )


def units(constant: int = 3, faint: int = 0, zero: int = 3) -> LayerUnits:
    """Return a hidden layer of 32 units."""
    return LayerUnits(
        path="sequential/hidden",
        kind="Dense, relu",
        units=32,
        constant=constant,
        faint=faint,
        zero=zero,
        saturated=0,
        inputs_vary=True,
    )


def rate(factor: float, loss: float) -> RateTry:
    """Return a short training at a multiple of the rate 0.001."""
    return RateTry(factor=factor, rate=0.001 * factor, steps=300, start=2.3, loss=loss)


HEALTHY = TrainedEvidence(
    training=scored(measured("accuracy", 0.98, 0.1, 0.93), data="training"),
    on=scored(measured("accuracy", 0.954, 0.102, 0.93)),
    inputs=InputsLook(tried=64, rows=16, ignored=(), skipped=0),
    layers=(units(),),
    weights=WeightsLook(
        trainable=4,
        steps=480,
        moved=1.2,
        still=(),
        shrunk=(),
        nonfinite=(),
        start_known=True,
        penalty=0.0,
        linear_chain=(),
    ),
    modes=ModesLook(
        rows=128,
        size=1.0,
        again=0.0,
        called=0.0,
        called_again=0.0,
        state_changed=(),
        random_layers=("dropout",),
        normalising_layers=(),
        differs=0.4,
        training_gain=around(0.9),
        inference_gain=around(0.95),
        stochastic_declared=False,
    ),
    passes=PassesLook(rows=ROWS, order="same", whole=True, is_training=False, compared=1, disagree=()),
    rates=(),
    first_bad_step=None,
    bad_data="",
    start_loss=2.4,
    end_loss=0.1,
    falling=0.001,
)


def look(**parts: object) -> TrainedEvidence:
    """Return a healthy look with some of its parts changed."""
    return HEALTHY.model_copy(update=parts)
