"""How a trained model's answers stand on some rows: beside simple answers, and beside labels permuted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from mltspec.evidence.trained import HeadLook, Standing
from mltspec.subjects.answers import Answers, Floats, Task
from mltspec.subjects.nests import is_composite, leaves
from mltspec.subjects.trained_linear import Encode, encoder, labels_among
from mltspec.subjects.trained_measures import Judged, form_given, form_taken, measures
from mltspec.subjects.trained_model import Restored, Scored
from mltspec.subjects.trained_permuted import associations
from mltspec.subjects.trained_yardstick import Yardstick, row_weights, yardstick

HARDLY = 1e-2
"""Answers whose range over rows is below this share of their size, or of the labels' range, hardly differ."""


@dataclass(frozen=True)
class Reference:
    """What simple answers are learnt from: the training rows.

    Args:
        scored: the training rows with the model's answers.
        encode: inputs to columns; None where labels are inputs, so that a line runs through everything.
        sticks: simple answers by head.
        given_back: the labels are an input.
    """

    scored: Scored
    encode: Encode | None
    sticks: dict[str, Yardstick]
    given_back: bool


def reference(scored: Scored) -> Reference:
    """Learn simple answers from the training rows."""
    x, _, weight = scored.rows.batch
    labels = leaves(scored.seen.labels)
    given_back = len(labels) == 1 and labels_among(x, np.asarray(labels[0]))
    dense = not all(map(is_composite, leaves(x)))
    encode = encoder(x) if scored.heads and dense and not given_back else None
    matrix = None if encode is None else encode(x)
    weights = row_weights(weight, scored.rows.count)
    sticks = {name: yardstick(answers, matrix, weights) for name, answers in scored.heads.items()}
    known = {name: stick for name, stick in sticks.items() if stick is not None}
    return Reference(scored, encode, known, given_back)


def judged_heads(
    restored: Restored, scored: Scored, learnt: Reference, confidence: float, frozen: Sequence[str]
) -> tuple[dict[str, Judged], tuple[str, ...]]:
    """Return the heads that ought to be good, and why others are not looked at.

    Args:
        restored: the trained model.
        scored: rows with its answers; where they are the training rows, each is left out of the linear fit.
        learnt: simple answers, from the training rows.
        confidence: of each one-sided bound.
        frozen: heads that are declared not to be trained.
    """
    own = scored is learnt.scored
    matrix = None if own or learnt.encode is None else learnt.encode(scored.rows.batch[0])
    unseen: list[str] = []
    found: dict[str, Judged] = {}
    if not scored.heads:
        unseen.append("there are no labels" if scored.seen.labels is None else "its labels are of no known form")
    for name, answers in scored.heads.items():
        if name and name in frozen:
            unseen.append(f"`{name}` is declared frozen")
        elif not _counts(restored, scored, name):
            unseen.append(f"`{name}` has no part in the loss")
        elif not np.isfinite(answers.score).all():
            unseen.append("its answers are not finite")
        elif not np.isfinite(answers.truth).all():
            unseen.append("its labels are not finite")
        else:
            alone = len(scored.heads) == 1
            found[name] = Judged(restored, scored, answers, learnt.sticks.get(name), matrix, confidence, alone)
    return found, tuple(unseen)


def standing(heads: dict[str, Judged], scored: Scored, learnt: Reference, unseen: tuple[str, ...]) -> Standing:
    """Hold the model's answers on some rows against simple ones."""
    pairings = [judged.pairing for judged in heads.values() if judged.pairing is not None]
    return Standing(
        data=scored.rows.name,
        rows=scored.rows.count,
        heads=tuple(_head(name, judged, learnt) for name, judged in heads.items()),
        finite=all(bool(np.isfinite(leaf).all()) for leaf in leaves(scored.seen.outputs) if leaf.dtype.kind == "f"),
        unseen=unseen,
        loss=scored.loss,
        pairing=max(pairings, default=None),
        labels_are_inputs=learnt.given_back,
        weighted=scored.rows.weighted,
    )


def _counts(restored: Restored, scored: Scored, name: str) -> bool:
    """Tell whether a head's answers have a part in the loss; those of one that has none need not be good."""
    outputs = scored.seen.outputs
    if not isinstance(outputs, dict) or scored.loss is None:
        return True
    return bool(restored.data_loss({**outputs, name: outputs[name][::-1]}, scored.seen.labels) != scored.loss)


def _head(name: str, judged: Judged, learnt: Reference) -> HeadLook:
    answers = judged.answers
    several = answers.asked is Task.TAGS and answers.score.ndim == 2
    whole = answers.score.sum(axis=-1)
    numbers = answers.numbers if answers.asked is Task.NUMBERS else None
    used = judged.scored if judged.refitted else learnt.scored
    return HeadLook(
        head=name,
        task=answers.asked.value,
        rows=len(answers.truth),
        measures=tuple(measures(judged)),
        associations=tuple(associations(judged)),
        constant=hardly_differ(answers),
        ones=bool(answers.score.shape[-1] == 1 and np.allclose(answers.score, 1, rtol=0, atol=1e-6)),
        sums_to_one=bool(several and np.allclose(whole, 1, atol=1e-3) and (answers.labels.sum(axis=-1) > 1).any()),
        answers=_told(answers),
        takes=form_taken(judged),
        gives=form_given(answers),
        fitted_on="" if judged.linear is None else used.rows.name,
        label_spread=None if numbers is None else float(numbers[0].std(axis=0).mean()),
        answer_spread=None if numbers is None else float(numbers[1].std(axis=0).mean()),
    )


def hardly_differ(answers: Answers) -> bool:
    """Tell whether answers are the same for all rows, to within what the question allows, though labels are not."""
    shares = _shares(answers)
    flat = shares.reshape(len(shares), -1)
    if len(flat) < 2 or not np.ptp(answers.truth.reshape(len(flat), -1).astype(np.float64), axis=0).any():
        return False
    spans = np.ptp(flat, axis=0)
    if answers.asked is not Task.NUMBERS:
        return bool((spans <= HARDLY * flat.max(initial=0.0)).all())
    if answers.numbers is None:
        return bool((spans <= 1e-6 * np.abs(flat).max(initial=0.0)).all())
    truth = answers.numbers[0].reshape(len(flat), -1)
    return bool((spans <= HARDLY * np.ptp(truth, axis=0).max()).all())


def _shares(answers: Answers) -> Floats:
    """Return scores as shares of 1 where they stand for them: a logit's size means nothing."""
    if answers.asked is Task.CLASSES:
        return answers.probabilities
    score = answers.score.astype(np.float64)
    return np.asarray(expit(score)) if answers.unbounded and answers.asked is not Task.NUMBERS else score


def _told(answers: Answers) -> str:
    """Show the first row's answers."""
    first = answers.score[0].reshape(-1)
    more = ", …" if first.size > 4 else ""
    return f"{', '.join(f'{value:.3g}' for value in first[:4])}{more}"
