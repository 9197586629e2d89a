"""Sample weights reach the gradient, row by row, and rows of weight zero count for nothing.

A training step of one's own that unpacks weights and drops them learns from rows that were to be set aside. Weights of
shape (N,) times losses of shape (N, 1) weigh every row alike. And a mean over all rows, those of weight zero among
them, shrinks the data's part of the loss while penalties on weights keep theirs: then the regulariser wins.

    expect sample weights matter

Gradients of one batch are compared: with the weights, with all of them one, with weights of other rows, and with rows
of weight zero left out. A diluted mean counts only where penalties act, and where the same rows, learnt for a few
steps, lose a tenth of what they teach. Equal weights pass. Skipped where the data carries none; inconclusive where no
gradient could be read.

Source: Keras issues on `sum_over_batch_size` with zero weights (`mean_with_sample_weight` was added for it); Byrd and
Lipton, "What is the effect of importance weighting in deep learning?", ICML 2019, section 4.4 (with regularisation).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mltspec.checks.check import Check, Example
from mltspec.checks.model_spec.untrained import SAME, NoParams, asks, example, not_seen
from mltspec.checks.wording import failed, figure, inconclusive, nothing, number, passed, plural, share
from mltspec.evidence.fresh import FRESH, FreshEvidence, Learnt, Penalties, Weighing
from mltspec.plan.verdict import Figure, Judgement, Verdict

LOST = 0.1
"""Share of what the kept rows teach that may be lost to rows of weight zero."""


def judge(params: NoParams, evidence: Sequence[FreshEvidence]) -> Judgement:
    """Weights must change the gradient, each for its own row, and zero must mean nothing."""
    (seen,) = evidence
    weighing = seen.weighing
    if weighing is None:
        missed = not_seen(seen, "sample weights", "the training step")
        return (
            inconclusive(f"no gradient could be read{missed}")
            if missed
            else nothing("the data carries no sample weights")
        )
    if not weighing.varied:
        return passed(f"all of {plural(weighing.rows, 'row')} looked at weigh the same")
    measured = figure(weighing.effect, f"gradient changes by {share(weighing.effect)}")
    bound = Figure(text="another gradient than with every weight 1")
    wrong = list(_faults(weighing, seen.penalties))
    if wrong:
        return failed("; ".join(wrong), measured, bound)
    zero = ", and rows of weight zero leave no trace" if weighing.leak is not None else ""
    diluted = ""
    if _diluted(weighing):
        diluted = "; rows of weight zero count in the mean's denominator, which does no harm here"
    return passed(
        f"{_name(weighing)} changes the gradient of {plural(weighing.rows, 'row')} by {share(weighing.effect)} "
        f"against weights of 1{zero}{diluted}",
        measured,
        bound,
    )


def _faults(weighing: Weighing, penalties: Penalties | None) -> Iterator[str]:
    if weighing.effect < SAME and weighing.exchanged < SAME:
        yield (
            f"{_name(weighing)} is ignored: weights have no effect on the gradient, which is the same with every "
            "weight 1; the training step drops them (unpack x, y, sample_weight, and weigh each row's loss, or use "
            "`self.compute_loss`)"
        )
    elif weighing.exchanged < SAME:
        yield (
            f"{_name(weighing)} does not weigh rows: exchanging the weights of rows leaves the gradient as it is, "
            "because their shapes broadcast ((N,) times (N, 1) is (N, N)); bring weights and losses to one shape in "
            "the training step"
        )
    elif weighing.leak is not None and weighing.leak > 10 * SAME:
        yield (
            f"rows of weight zero ({_name(weighing)}) still change the gradient, by {share(weighing.leak)} when "
            "other rows stand in their place: their weight does not reach all of the loss"
        )
    learnt = penalties.learnt if penalties else None
    if learnt is not None and learnt.undiluted is not None and _diluted(weighing) and _lost(learnt, learnt.undiluted):
        yield (
            f"rows of weight zero ({share(weighing.zero)} of all) count in the denominator of the mean loss, so that "
            f"the data is diluted against the regularisation: after {plural(learnt.steps, 'step')} the loss of the "
            f"weighted rows is {number(learnt.penalised)} with the zero-weight rows in the batch and "
            f"{number(learnt.undiluted)} without them; divide by the sum of the weights "
            f'(reduction="mean_with_sample_weight")'
        )


def _diluted(weighing: Weighing) -> bool:
    """Tell whether the gradient shrinks by as much as rows are kept."""
    if weighing.dilution is None or weighing.leak is None:
        return False
    return abs(weighing.dilution - weighing.kept) < 0.25 * (1 - weighing.kept)


def _lost(learnt: Learnt, undiluted: float) -> bool:
    possible = learnt.constant - undiluted
    return possible > 0 and learnt.constant - learnt.penalised < (1 - LOST) * possible


def _name(weighing: Weighing) -> str:
    return f"`{weighing.source}`"


def _weighing(penalties: Penalties | None = None, **seen: object) -> FreshEvidence:
    plain = Weighing(
        source="sample_weight",
        varied=True,
        rows=12,
        effect=0.6,
        exchanged=0.9,
        zero=0.98,
        leak=0.0,
        dilution=1.0,
        kept=0.667,
    )
    return example(weighing=plain.model_copy(update=seen), penalties=penalties)


_WON = Penalties(
    weights=("dense/kernel",),
    left_out=(),
    added=0,
    added_left_out=False,
    value=0.4,
    pull=2.5,
    decay=0.0,
    learnt=Learnt(steps=120, constant=6.43, free=2e-5, penalised=5.58, undiluted=0.005, spread=0.19, free_spread=2.5),
)

CHECK = Check(
    name="sample-weights-matter",
    test=2,
    phrase="sample weights matter",
    summary="Sample weights weigh each row's gradient, and weight zero means nothing.",
    params=NoParams,
    evidence=FreshEvidence,
    kinds=(FRESH,),
    asks=asks,
    judge=judge,
    examples=lambda: (
        Example(
            "expect sample weights matter",
            (_weighing(),),
            Verdict.PASSED,
            "`sample_weight` changes the gradient of 12 rows by 60.0% against weights of 1",
        ),
        Example(
            "expect sample weights matter",
            (_weighing(effect=0.0, exchanged=0.0, leak=0.7),),
            Verdict.FAILED,
            "`sample_weight` is ignored: weights have no effect on the gradient",
        ),
        Example(
            "expect sample weights matter",
            (_weighing(penalties=_WON, dilution=0.667),),
            Verdict.FAILED,
            "count in the denominator of the mean loss, so that the data is diluted against the regularisation",
        ),
        Example("expect sample weights matter", (example(),), Verdict.SKIPPED, "the data carries no sample weights"),
    ),
)
