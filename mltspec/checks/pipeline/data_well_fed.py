"""What a model is fed is what its author means it to be.

Most faults of training are faults of data that no error reports: an empty cell becomes NaN and the loss with it, an
augmentation draws its noise once for all rows, a holdout is scaled by other figures than the training data, a
batch holds one class alone.

    expect data well fed
    expect data well fed on holdout

Found are: cells without a number that the model cannot live with; rows that are all alike; a label that stands among
the inputs; random numbers drawn while `tf.data` traces a function, and augmentation behind a `cache`;
unshuffled classes; and, against the training data, other scales and other class numbers. At most the first 10,000
rows are read.

Inconclusive when there is no row.

Source: Humbatova et al., "Taxonomy of Real Faults in Deep Learning Systems", ICSE 2020, training data; Islam et al., "A
Comprehensive Study on Deep Learning Bug Characteristics", ESEC/FSE 2019, data bugs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.pipeline.looked import example, look
from mltspec.checks.wording import failed, figure, inconclusive, listed, number, passed, plural, share
from mltspec.evidence.dataset import DATASET, DatasetEvidence, FrozenDraw, Missing, OneClassBatches, Scale
from mltspec.evidence.kind import Ask
from mltspec.plan.verdict import Judgement, Verdict

LEAST_MIXED = 0.5
"""Batches are called unshuffled if they mix classes less than half as well as the data."""
MOST_UNSEEN = 0.5


class DataParams(Params):
    """``on`` is the data to look at."""

    on: str | None


def asks(params: DataParams, scope: Scope) -> Sequence[Ask]:
    """One look at the data, beside the training data."""
    return [look(scope, params.on)]


def judge(params: DataParams, evidence: Sequence[DatasetEvidence]) -> Judgement:
    """Every fault found is named; none is a pass."""
    (seen,) = evidence
    if seen.rows == 0:
        return inconclusive(f"{seen.data} has no row to look at")
    faults = [fault for find in FINDINGS for fault in find(seen)]
    if faults:
        return failed(
            f"{seen.data} is not well fed: {'; '.join(faults)}", figure(len(faults), plural(len(faults), "fault"))
        )
    notes = "".join(f"; {note}" for note in _notes(seen))
    return passed(
        f"{plural(seen.rows, 'row')} of {seen.data} hold no cell that the model cannot take, and nothing in them is "
        f"frozen, blank or scaled apart{notes}",
        figure(0, "0 faults"),
    )


def _notes(seen: DatasetEvidence) -> Iterator[str]:
    for gap in seen.missing:
        if gap.carried:
            yield f"{plural(gap.rows, 'row')} of {gap.part} hold {gap.value}, and the model takes them"
    if not seen.whole:
        yield "rows after these were not read"


def _gaps(seen: DatasetEvidence) -> Iterator[str]:
    for gap in seen.missing:
        if not gap.carried:
            yield _gap(gap)


def _gap(gap: Missing) -> str:
    where = f" in column {', '.join(map(str, gap.columns))}" if gap.columns else ""
    what = "its answer" if gap.part.startswith("input") else "its loss"
    told = "" if gap.carried is None else f", and {what} on such rows is not finite"
    name = "infinite values" if gap.value == "infinity" else f"missing values ({gap.value}, as an empty cell becomes)"
    return (
        f"{gap.part} holds {name}: {plural(gap.cells, 'cell')} in {plural(gap.rows, 'row')}, first at row "
        f"{gap.first_row}{where}{told}; fill or drop them before training"
    )


def _blank(seen: DatasetEvidence) -> Iterator[str]:
    if seen.blank:
        yield f"all {seen.rows:,} rows have the same inputs, so nothing can be told from them"


def _label_among_inputs(seen: DatasetEvidence) -> Iterator[str]:
    if seen.label_columns:
        yield f"the label itself leaks into the inputs: {listed(seen.label_columns)} equals it in every row"


def _frozen(seen: DatasetEvidence) -> Iterator[str]:
    yield from map(_frozen_draw, seen.frozen)


def _frozen_draw(draw: FrozenDraw) -> str:
    if draw.source == "a constant seed":
        cause = "draws its random numbers from a constant seed; give each row a seed of its own"
    else:
        cause = (
            f"draws from {draw.source}, which runs once, while tf.data traces the function (np.random inside "
            "Dataset.map); draw with tf.random, or inside tf.numpy_function"
        )
    return (
        f"the augmentation in {draw.function} ({draw.place}) adds the same constant noise to every row of every "
        f"epoch: it answered {draw.repeats} calls on one row alike. It {cause}"
    )


def _cached(seen: DatasetEvidence) -> Iterator[str]:
    if seen.cached:
        yield (
            f"the random augmentation at {', '.join(seen.cached)} stands before a cache(), so that every epoch repeats "
            "the same augmented rows; cache first, then augment"
        )


def _unshuffled(seen: DatasetEvidence) -> Iterator[str]:
    if seen.batches is not None and seen.batches.within < LEAST_MIXED * seen.batches.overall:
        yield _unmixed(seen.batches)
    if seen.split_unseen is not None and seen.split_unseen > MOST_UNSEEN:
        yield (
            "rows come sorted by label, and validation_split takes the last of them before shuffling: "
            f"{share(seen.split_unseen)} of those set aside are of a class that is not trained on; shuffle them first"
        )


def _unmixed(batches: OneClassBatches) -> str:
    return (
        f"it is trained on unshuffled: two rows of a batch differ in class with probability {number(batches.within)}, "
        f"two rows of the data with {number(batches.overall)} ({batches.classes} classes, {batches.batches} batches); "
        "rows come sorted by label, so shuffle them, with a buffer as large as the data"
    )


def _classes(seen: DatasetEvidence) -> Iterator[str]:
    if seen.unseen_labels is not None and seen.unseen_labels > MOST_UNSEEN and seen.label_ranges is not None:
        theirs, ours = seen.label_ranges
        yield (
            f"its classes are numbered differently from the training data: {share(seen.unseen_labels)} of its rows are "
            f"of a class never trained on (training {theirs}; here {ours})"
        )


def _scales(seen: DatasetEvidence) -> Iterator[str]:
    for scale in seen.scales:
        if scale.apart:
            yield _scaled(scale, seen)
        elif scale.own:
            yield (
                f"{scale.part} is normalised by its own mean and spread, which are 0 and 1 exactly, as they are in "
                f"{seen.training}: fit the scaling on the training data and apply it here, or rows are skewed"
            )


def _scaled(scale: Scale, seen: DatasetEvidence) -> str:
    ranges = (
        f"{number(scale.here_range[0])} to {number(scale.here_range[1])} where {seen.training} runs from "
        f"{number(scale.training_range[0])} to {number(scale.training_range[1])}"
    )
    if scale.training_standard != scale.standard:
        cause = f"only {seen.training if scale.training_standard else seen.data} is normalised"
    elif scale.explained:
        big, small = (seen.data, seen.training) if scale.ratio > 1 else (seen.training, seen.data)
        cause = f"{small} is {big} / {number(max(scale.ratio, 1 / scale.ratio))}: scaling was left out on one side"
    else:
        cause = "the two were normalised or scaled in different ways"
    return f"its {scale.part} is skewed against the training data: it runs from {ranges}; {cause}".replace(
        "labels is", "labels are"
    )


FINDINGS: tuple[Callable[[DatasetEvidence], Iterator[str]], ...] = (
    _gaps,
    _blank,
    _label_among_inputs,
    _frozen,
    _cached,
    _unshuffled,
    _classes,
    _scales,
)

_GAP = Missing(part="input", value="NaN", cells=3, rows=3, first_row=7, columns=(1,), carried=False)
_DRAW = FrozenDraw(function="roughen", place="digits.py:18", source="np.random", repeats=8)
_SCALE = Scale(
    part="input",
    columns=61,
    ratio=16.02,
    shift=1.1,
    explained=True,
    apart=True,
    own=False,
    training_standard=False,
    standard=False,
    training_range=(0.0, 1.0),
    here_range=(0.0, 16.0),
)

CHECK = Check(
    name="data-well-fed",
    test=3,
    phrase="data well fed",
    summary="No missing value, frozen augmentation, one-class batch or other scale reaches the model unnoticed.",
    params=DataParams,
    evidence=DatasetEvidence,
    kinds=(DATASET,),
    asks=asks,
    judge=judge,
    clauses=(Clause("on {on:data}", "the data to look at; the training data by default"),),
    examples=lambda: (
        Example("expect data well fed on holdout", (example(),), Verdict.PASSED, "200 rows of holdout hold no cell"),
        Example(
            "expect data well fed",
            (example(data="training", missing=(_GAP,)),),
            Verdict.FAILED,
            "input holds missing values (NaN, as an empty cell becomes): 3 cells in 3 rows, first at row 7 in column "
            "1, and its answer on such rows is not finite",
        ),
        Example(
            "expect data well fed",
            (example(data="training", missing=(_GAP.model_copy(update={"carried": True}),)),),
            Verdict.PASSED,
            "3 rows of input hold NaN, and the model takes them",
        ),
        Example(
            "expect data well fed",
            (example(data="training", frozen=(_DRAW,)),),
            Verdict.FAILED,
            "the augmentation in roughen (digits.py:18) adds the same constant noise to every row of every epoch",
        ),
        Example(
            "expect data well fed on holdout",
            (example(scales=(_SCALE,)),),
            Verdict.FAILED,
            "it runs from 0 to 16 where training runs from 0 to 1; training is holdout / 16.02: scaling was left out",
        ),
        Example("expect data well fed on holdout", (example(rows=0),), Verdict.INCONCLUSIVE, "holdout has no row"),
    ),
)
