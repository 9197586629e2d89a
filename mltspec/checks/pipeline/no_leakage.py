"""No row of a holdout is trained on.

A score on rows that were trained on tells nothing about new ones. Rows are compared by content over several passes,
because a leak may take several: `shuffle().take()` beside `shuffle().skip()` deals the rows anew at each
epoch, and in the end all of them are trained on.

    expect no leakage into holdout

Rows may rightly be equal: a small domain, a value measured twice. So the overlap is held against what a random deal
would give, copies within the training data included, and fails if that is improbable (below one in a thousand). It
fails also if a quarter of the holdout or more are copies of training rows with no row nearly like them: such copies are
made, by oversampling before the split, and not met by chance.

Inconclusive when there is no row on either side.

Source: Kapoor and Narayanan, "Leakage and the reproducibility crisis in machine-learning-based science", Patterns 4(9),
2023, types L1.1 and L1.4; Breck et al., "What's your ML Test Score?", NIPS 2016, infrastructure test 3.
"""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Check, Clause, Example, Params, Scope
from mltspec.checks.pipeline.looked import example, example_overlap, look
from mltspec.checks.wording import failed, figure, inconclusive, passed, plural, share
from mltspec.evidence.dataset import DATASET, DatasetEvidence, Overlap
from mltspec.evidence.kind import Ask
from mltspec.plan.verdict import Figure, Judgement, Verdict

LEAST_CHANCE = 1e-3
MOST_COPIES = 0.25
LEAST_COPIES = 5
LEAST_SINGLES = 0.05
"""Where hardly any training row stands alone, the domain is small, and equal rows are no copies."""


class LeakageParams(Params):
    """``into`` is the data that must not be trained on."""

    into: str


def asks(params: LeakageParams, scope: Scope) -> Sequence[Ask]:
    """One look at the data, beside the training data."""
    return [look(scope, params.into)]


def judge(params: LeakageParams, evidence: Sequence[DatasetEvidence]) -> Judgement:
    """Rows in common fail if neither chance nor a small domain explains them."""
    (seen,) = evidence
    both = seen.overlap
    bound = Figure(text="no more than chance")
    if both is None:
        return failed(f"{seen.data} is the training data itself: every row of it is trained on", bound=bound)
    if not both.rows or not both.training_rows:
        return inconclusive("there is no row to compare", bound=bound)
    measured = figure(both.found / both.rows, f"{both.found:,} of {plural(both.rows, 'row')}")
    if both.found and both.chance < LEAST_CHANCE:
        return failed(f"{_told(seen, both)}{_cause(both)}", measured, bound, _rows(both))
    if _copied(both):
        return failed(
            f"{_told(seen, both)}: {both.lonely:,} of them have no row nearly like them but their own copies, so rows "
            "were duplicated (oversampled) before the split; split first, then duplicate",
            measured,
            bound,
            _rows(both),
        )
    scope = f"over {both.passes} passes " if both.passes > 1 else ""
    why = ", no more than equal rows within the training data and a random split explain" if both.found else ""
    read = "" if seen.whole else "; rows after the first were not read"
    return passed(
        f"{both.found:,} of {plural(both.rows, 'row')} of {seen.data} {'is' if both.found == 1 else 'are'} among the "
        f"{plural(both.training_rows, 'row')} trained on {scope}{why}{read}".replace(" ,", ","),
        measured,
        bound,
    )


def _copied(both: Overlap) -> bool:
    return (
        both.lonely >= max(LEAST_COPIES, MOST_COPIES * both.rows)
        and both.singles_in_training >= LEAST_SINGLES * both.training_rows
    )


def _told(seen: DatasetEvidence, both: Overlap) -> str:
    passes = f" within {both.passes} epochs" if both.passes > 1 else ""
    return (
        f"rows leak from {seen.training} into {seen.data}: {both.found:,} of {plural(both.rows, 'row')} "
        f"({share(both.found / both.rows)}) overlap with rows trained on{passes}"
    )


def _cause(both: Overlap) -> str:
    if both.redealt and both.found > both.found_first:
        return (
            f", but only {both.found_first:,} in the first epoch: each pass is dealt anew, as shuffle() before take() "
            "and skip() does; shuffle with reshuffle_each_iteration=False, or split before shuffling"
        )
    return (
        f", where {both.copies_in_training:,} of {plural(both.training_rows, 'training row')} have a twin among "
        "themselves; the split is not disjoint"
    )


def _rows(both: Overlap) -> list[str]:
    return [f"seen in training: row {at} of the holdout" for at in both.examples]


CHECK = Check(
    name="no-leakage",
    test=3,
    phrase="no leakage",
    summary="No row of a holdout is trained on, in the first epoch or a later one.",
    params=LeakageParams,
    evidence=DatasetEvidence,
    kinds=(DATASET,),
    asks=asks,
    judge=judge,
    clauses=(Clause("into {into:data}", "the data that must not be trained on", required=True),),
    examples=lambda: (
        Example(
            "expect no leakage into holdout",
            (example(),),
            Verdict.PASSED,
            "0 of 200 rows of holdout are among the 800 rows trained on",
        ),
        Example(
            "expect no leakage into holdout",
            (example(overlap=example_overlap(passes=4, found=192, redealt=True, chance=1e-90)),),
            Verdict.FAILED,
            "192 of 200 rows (96.0%) overlap with rows trained on within 4 epochs, but only 0 in the first epoch: each "
            "pass is dealt anew, as shuffle() before take() and skip() does",
        ),
        Example(
            "expect no leakage into holdout",
            (example(overlap=example_overlap(found=20, found_first=20, copies_in_training=160, chance=0.7)),),
            Verdict.PASSED,
            "20 of 200 rows of holdout are among the 800 rows trained on, no more than equal rows within the training",
        ),
        Example(
            "expect no leakage into holdout",
            (
                example(
                    overlap=example_overlap(found=60, found_first=60, copies_in_training=300, chance=0.4, lonely=60)
                ),
            ),
            Verdict.FAILED,
            "rows were duplicated (oversampled) before the split",
        ),
    ),
)
