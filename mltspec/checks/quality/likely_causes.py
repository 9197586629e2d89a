"""Why a trained model stands no better than a simple one: what the same look has seen besides."""

from __future__ import annotations

from mltspec.checks.quality.standing import passes_nothing, rate_told
from mltspec.checks.wording import listed, number, plural, share
from mltspec.evidence.trained import HeadLook, LayerUnits, TrainedEvidence

FEW_WEIGHTED = 0.5
UNRELATED, RELATED = 0.1, 0.2


def likely_causes(seen: TrainedEvidence, head: HeadLook | None) -> tuple[str, ...]:
    """Return what points to a cause, the surest first; each a clause of a sentence."""
    found = [
        f"training broke down: {seen.bad_data or 'weights are NaN or infinite'}" if seen.weights.nonfinite else "",
        _of_shape(head) if head else "",
        passes_nothing_on(seen),
        _shrunk(seen),
        rate_told(seen.rates),
        _unrelated(seen, head) if head else "",
        _standing_still(seen),
        _diluted(seen),
        _near_mean(head) if head else "",
    ]
    return tuple(cause for cause in found if cause)


def dead_layer(seen: TrainedEvidence) -> LayerUnits | None:
    """Return the first hidden layer none of whose units tells rows apart, though what it is given does."""
    return next(filter(passes_nothing, seen.layers), None)


def passes_nothing_on(seen: TrainedEvidence) -> str:
    """Name the layer at which the signal ends; empty if it gets through."""
    layer = dead_layer(seen)
    if layer is None:
        return ""
    units = f"all {plural(layer.units, 'unit')} of `{layer.path}` ({layer.kind})"
    if layer.zero == layer.units:
        return (
            f"{units} answer 0 to every row, so no gradient passes back: dead units, or weights that start at zero "
            "(a zero initialiser)"
        )
    if layer.saturated == layer.units:
        return f"{units} are saturated at the end of their range, so the gradient vanishes there"
    deep = sum("sigmoid" in each.kind or "tanh" in each.kind for each in seen.layers)
    why = (
        f"; {plural(deep, 'saturating layer')} in a row pass on ever less of the signal, and the gradient vanishes "
        "with it"
        if deep > 2
        else ""
    )
    return f"{units} answer the same to every row: the signal ends there{why}"


def _of_shape(head: HeadLook) -> str:
    if head.ones:
        return "a softmax over one unit is always 1: outputs of a row sum to one, so a single unit wants a sigmoid"
    if head.sums_to_one:
        return (
            "the outputs of each row sum to one (a softmax) though several labels hold at once: a multi-label question "
            "wants sigmoids and binary cross-entropy"
        )
    if head.takes == "probabilities" and head.gives == "logits":
        return (
            f"the loss expects probabilities, but the outputs are raw scores (logits: {head.answers}): the last layer "
            "lacks a softmax or sigmoid, or the loss `from_logits=True`"
        )
    if head.takes == "logits" and head.gives == "probabilities":
        return (
            "the loss expects logits (`from_logits=True`), but the outputs are probabilities already: a softmax or "
            "sigmoid is applied twice"
        )
    return ""


def _shrunk(seen: TrainedEvidence) -> str:
    if not seen.weights.shrunk:
        return ""
    penalty = f" (its penalty is still {number(seen.weights.penalty)})" if seen.weights.penalty > 0 else ""
    return (
        f"training shrank {listed(seen.weights.shrunk)} to under 10% of the size at the start: regularisation or "
        f"weight decay outweighs the data{penalty}"
    )


def _unrelated(seen: TrainedEvidence, head: HeadLook) -> str:
    trained, here = seen.training.pairing, seen.on.pairing
    if trained is None or here is None or not (trained < UNRELATED and here > RELATED):
        return ""
    return (
        f"the training rows tell a linear model nothing of their labels (gain {share(trained)}) while the rows of "
        f"{seen.on.data} do (gain {share(here)}): labels and features of the training data look permuted apart, a "
        "mismatch of rows and labels"
    )


def _standing_still(seen: TrainedEvidence) -> str:
    weights = seen.weights
    if not weights.still:
        return ""
    if len(weights.still) == weights.trainable:
        return f"no weight changed in {plural(weights.steps, 'step')}: nothing was trained (learning rate 0?)"
    return f"{listed(weights.still)} never changed in training"


def _diluted(seen: TrainedEvidence) -> str:
    if seen.training.weighted >= FEW_WEIGHTED:
        return ""
    return (
        f"only {share(seen.training.weighted)} of the training rows carry a sample weight above zero: a loss that "
        "divides "
        "by all rows dilutes theirs, so penalties win (the reduction `mean_with_sample_weight` divides by the weights)"
    )


def _near_mean(head: HeadLook) -> str:
    labels, answers = head.label_spread, head.answer_spread
    if labels is None or answers is None or answers > 0.25 * labels:
        return ""
    return (
        f"the answers stay near the mean (standard deviation {number(answers)} against {number(labels)} of the "
        "labels), as "
        "they do where shapes of labels and predictions broadcast in the loss"
    )
