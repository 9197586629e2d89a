"""The loss, the outputs and the labels speak of the same thing.

A loss that expects probabilities and gets raw scores, or scores and gets probabilities; a softmax over one unit, which
is always 1; a softmax for labels of which several hold at once; labels that no unit stands for, or that the output can
never be; shapes (N, 1) and (N,), whose difference is a table of all pairs of rows. All of them train without an error.

    expect loss and outputs agree

How the loss takes the outputs is measured, not read off settings: its value is compared with that of every
reading, because Keras takes the scores behind a softmax whatever `from_logits` says. What outputs can be is found with
weights far larger than any training makes. Whether labels belong to their rows is asked of the gradient of one batch:
it must change when labels change rows. Without labels only the outputs are looked at; inconclusive where there are
none.

Source: Humbatova et al., "Taxonomy of real faults in deep learning systems", ICSE 2020, "wrong loss function",
"missing/redundant softmax" and "wrong type of labels".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from mltspec.checks.check import Check, Example
from mltspec.checks.model_spec.untrained import SAME, NoParams, asks, example, example_head, not_seen, of, shape
from mltspec.checks.wording import failed, figure, inconclusive, number, passed, plural, share
from mltspec.evidence.fresh import FRESH, Asked, FreshEvidence, Head, Pairing, Reach
from mltspec.plan.verdict import Figure, Judgement, Verdict

LEAST_EFFECT = 1e-3
"""Relative difference of gradients that cannot be rounding."""

BEYOND = 0.1
"""Share of the labels' variance that may lie beyond what an output can be."""

SURE = 0.95
"""What a probability can reach in a model whose outputs go through softmax or sigmoid once."""


def judge(params: NoParams, evidence: Sequence[FreshEvidence]) -> Judgement:
    """No output may disagree with its labels or its loss, and labels must belong to their rows."""
    (seen,) = evidence
    if not seen.heads:
        return inconclusive("the model has no output to look at")
    wrong = [f"{of(head)}: {fault}" if head.name else fault for head in seen.heads for fault in _faults(head)]
    wrong += list(_mispaired(seen))
    agreeing = len(seen.heads) - sum(any(True for _ in _faults(head)) for head in seen.heads)
    measured = figure(agreeing, f"{agreeing} of {plural(len(seen.heads), 'output')}")
    bound = Figure(text=f"all {plural(len(seen.heads), 'output')}", value=len(seen.heads))
    if wrong:
        return failed("; ".join(wrong), measured, bound)
    told = "; ".join(_told(head) for head in seen.heads)
    rows = "; labels belong to their rows" if seen.pairing and seen.pairing.exchanged > SAME else ""
    return passed(f"{told}{rows}{not_seen(seen, 'the', 'labels')}", measured, bound)


def _faults(head: Head) -> Iterator[str]:
    """Yield what is wrong with one output, worst first; an output that cannot vary has no other fault worth a word."""
    if head.reach.fixed is not None:
        yield _fixed(head)
        return
    asked = head.asked
    if asked is None:
        return
    shapes = _shapes(head, asked)
    if shapes:
        yield shapes
        return
    if head.wants == "classes" and (asked.low < 0 or asked.high >= head.shape[-1]):
        yield (
            f"labels run from {number(asked.low)} to {number(asked.high)} but the output has "
            f"{plural(head.shape[-1], 'unit')} (classes 0 to {head.shape[-1] - 1}): labels outside it stand for no "
            f"class"
        )
    yield from _misread(head)
    yield from _squashed_twice(head, asked)
    if asked.most_at_once > 1 and head.reach.sums_to_one:
        yield (
            f"up to {number(asked.most_at_once)} labels of a row hold at once (multi-label), but softmax makes the "
            "outputs of a row sum to 1, so that they exclude each other; use sigmoid and binary_crossentropy"
        )
    if head.wants in ("one-hot", "yes or no") and (asked.low < 0 or asked.high > 1):
        yield (
            f"labels run from {number(asked.low)} to {number(asked.high)}, but `{head.loss or 'a cross-entropy'}` "
            "takes probabilities, 0 to 1: scale or encode the labels, or choose another loss"
        )
    if head.wants == "numbers" and asked.unreachable > BEYOND:
        yield (
            f"the output stays within {_range(head.reach)}, but labels run from {number(asked.low)} to "
            f"{number(asked.high)}: {share(min(asked.unreachable, 1.0))} of their variance lies beyond it; leave the "
            "last layer's activation out, or scale the labels"
        )


def _fixed(head: Head) -> str:
    value = number(head.reach.fixed if head.reach.fixed is not None else math.nan)
    if head.shape[-1:] in ((), (1,)) and head.reach.fixed is not None and abs(head.reach.fixed - 1) < 1e-3:
        return (
            f"the output is always {value}, whatever the inputs and the weights are: a softmax over one unit must "
            "sum to 1; use sigmoid for a single unit, or one unit a class"
        )
    return f"the output is always {value}, whatever the inputs and the weights are: it does not depend on them"


def _shapes(head: Head, asked: Asked) -> str:
    """Return what is wrong with the shapes of labels and output; empty for a loss that may take any."""
    units, ours, theirs = head.shape[-1] if head.shape else 1, shape(head.shape), shape(asked.shape)
    columns = asked.shape[-1] if len(asked.shape) >= max(len(head.shape), 1) else 1
    if head.wants == "classes":
        if columns > 1 and columns == units:
            return f"`{head.loss}` takes class numbers, but labels of shape {theirs} are one-hot; leave `sparse` out"
        return ""
    if not head.wants or not head.loss or columns == units:
        return ""
    if columns == 1 and asked.whole and 1 < asked.high - asked.low + 1 <= units:
        return (
            f"labels are class numbers of shape {theirs} but `{head.loss}` compares them with each of {units} units "
            f"(shape {ours}): encode them one-hot, or take the sparse loss"
        )
    broadcast = ": the shapes broadcast, so that one number is held against several" if 1 in (columns, units) else ""
    return f"labels have shape {theirs} but the output has shape {ours}{broadcast}"


def _misread(head: Head) -> Iterator[str]:
    reach = head.reach
    if math.isnan(reach.low):
        return
    loss = f"`{head.loss}`" if head.loss else "the loss in the training step"
    squash = "sigmoid" if head.wants == "yes or no" else "softmax"
    bounded = reach.low >= -LEAST_EFFECT and reach.high <= 1 + LEAST_EFFECT
    if head.reading == "probabilities" and not bounded:
        yield (
            f"{loss} takes the outputs as probabilities, but they are raw scores (logits; they may be anything from "
            f"{number(reach.low)} to {number(reach.high)}): set from_logits=True, or give the last layer a {squash}"
        )
    if head.reading == "scores twice" or (head.reading == "scores" and bounded):
        already = "each row sums to 1" if reach.sums_to_one else "between 0 and 1"
        what = f"are probabilities already ({already})" if bounded else f"go through {squash} in the training step"
        yield (
            f"the outputs {what}, but {loss} takes them as scores (logits) and puts them through {squash} once more (a "
            f"doubled {squash}): no answer can be sure, and the loss stays high; set from_logits=False, or leave the "
            f"{squash} out"
        )


def _squashed_twice(head: Head, asked: Asked) -> Iterator[str]:
    """Yield that no output can come near 0 or 1, as labels ask: the answers went through softmax or sigmoid twice."""
    reach, units = head.reach, head.shape[-1] if head.shape else 1
    held = reach.low_held and reach.high_held and reach.high < SURE and reach.low * units > 1 - SURE
    hard = head.wants == "classes" or (asked.whole and asked.low >= 0 and asked.high <= 1)
    if head.wants in ("classes", "one-hot", "yes or no") and head.reading == "probabilities" and held and hard:
        squash = "sigmoid" if head.wants == "yes or no" else "softmax"
        yield (
            f"the outputs stay within {_range(reach)} however large the weights are, so that no answer can be sure: "
            f"they go through {squash} twice (a doubled {squash}); leave one out"
        )


def _mispaired(seen: FreshEvidence) -> Iterator[str]:
    """Yield that labels belong to no row: exchanging them changes nothing, though labels matter and rows do too."""
    pairing = seen.pairing
    if pairing is None or pairing.all_pairs is None or pairing.exchanged > SAME or pairing.all_pairs > 10 * SAME:
        return
    if min(pairing.replaced, pairing.halves) > LEAST_EFFECT:
        shapes = [(shape(head.asked.shape), shape(head.shape)) for head in seen.heads if head.asked]
        said = f" (labels of shape {shapes[0][0]}, outputs of shape {shapes[0][1]})" if len(shapes) == 1 else ""
        yield (
            "it does not matter which label belongs to which row: exchanging the labels of a batch leaves its "
            f"gradient as it is, and the loss is the mean over all pairs of rows, because shapes broadcast{said}, as "
            "(N, 1) and (N,) do to (N, N); the model can only learn to predict the mean; bring both to one shape in "
            "the training step"
        )


def _told(head: Head) -> str:
    if head.asked is None:
        return f"{of(head)} varies, and has no labels to be held against"
    taken = {"probabilities": " as probabilities", "scores": " as scores"}.get(head.reading, "")
    loss = f"`{head.loss}`" if head.loss else "the loss in the training step"
    return (
        f"{loss} takes {of(head)} of shape {shape(head.shape)}{taken}, beside labels of shape {shape(head.asked.shape)}"
    )


def _range(reach: Reach) -> str:
    low = number(reach.low) if reach.low_held else "-infinity"
    return f"{low} to {number(reach.high) if reach.high_held else 'infinity'}"


_SCORES = Reach(low=-310.0, high=290.0, low_held=False, high_held=False, sums_to_one=False, fixed=None)
_TAGS = Asked(shape=(3,), low=0.0, high=1.0, whole=True, most_at_once=2.0, unreachable=0.0)
_ONE = Reach(low=1.0, high=1.0, low_held=True, high_held=True, sums_to_one=False, fixed=1.0)

CHECK = Check(
    name="loss-and-outputs-agree",
    test=2,
    phrase="loss and outputs agree",
    summary="The loss takes the outputs for what they are, and labels fit both.",
    params=NoParams,
    evidence=FreshEvidence,
    kinds=(FRESH,),
    asks=asks,
    judge=judge,
    examples=lambda: (
        Example(
            "expect loss and outputs agree",
            (example(),),
            Verdict.PASSED,
            "`sparse_categorical_crossentropy` takes the output of shape (N, 3) as probabilities",
        ),
        Example(
            "expect loss and outputs agree",
            (example(heads=(example_head(reach=_SCORES),)),),
            Verdict.FAILED,
            "takes the outputs as probabilities, but they are raw scores",
        ),
        Example(
            "expect loss and outputs agree",
            (example(heads=(example_head(reading="scores"),)),),
            Verdict.FAILED,
            "a doubled softmax",
        ),
        Example(
            "expect loss and outputs agree",
            (example(heads=(example_head(shape=(1,), reach=_ONE),)),),
            Verdict.FAILED,
            "a softmax over one unit must sum to 1",
        ),
        Example(
            "expect loss and outputs agree",
            (example(heads=(example_head(loss="categorical_crossentropy", wants="one-hot", asked=_TAGS),)),),
            Verdict.FAILED,
            "up to 2 labels of a row hold at once",
        ),
        Example(
            "expect loss and outputs agree",
            (example(pairing=Pairing(rows=8, exchanged=0.0, replaced=1.2, halves=0.3, all_pairs=1e-8)),),
            Verdict.FAILED,
            "it does not matter which label belongs to which row",
        ),
        Example(
            "expect loss and outputs agree",
            (example(labelled=False, heads=(example_head(asked=None),), pairing=None),),
            Verdict.PASSED,
            "the output varies, and has no labels to be held against",
        ),
    ),
)
