"""Holds kept answers against a baseline's or against golden labels, row by row. Needs no framework."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from mltspec.evidence.agreement import AgreementAsk, AgreementEvidence, Flip
from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.predictions import PredictionsEvidence, SliceValue
from mltspec.statistics.shares import wilson
from mltspec.subjects.answers import Answers, Array, Task
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.observers.difference import Scores, answers_of, known, load_scores

MOST_FLIPS = 20


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[AgreementEvidence]:
    """Compare answers.

    Raises:
        Unfit: golden labels are of no form that answers could match.
    """
    return [_agreement(cast(AgreementAsk, ask), found, bench) for ask in asks]


def _agreement(ask: AgreementAsk, found: Sequence[Evidence], bench: Bench) -> AgreementEvidence:
    ours = cast(PredictionsEvidence, found[0])
    scores = load_scores(ours, bench)
    answers = answers_of(scores)
    if ask.theirs is None:
        return _against_labels(ask, ours, scores, answers)
    theirs, about = known(found[1])
    same = theirs is not None and theirs.rows_digest == ours.rows_digest
    if theirs is None or not same:
        reason = about.get("incomparable") or "it was not measured on the same rows; save it again on these"
        nothing = AgreementEvidence(
            rows=ours.rows, agreeing=0, decided=False, largest=math.nan, low=math.nan, high=math.nan
        )
        return nothing.model_copy(update={**about, "incomparable": reason})
    other = answers_of(load_scores(theirs, bench))
    if answers.score.shape != other.score.shape:
        raise Unfit(f"the baseline answers in shape {other.score.shape}, this model in {answers.score.shape}")
    if ask.within is None and answers.asked is Task.NUMBERS:
        raise Unfit("the answers are numbers, which are never equal: say how close, `within 0.01`")
    if ask.within is not None:
        apart = _apart(answers.score, other.score)
        agree = apart <= ask.within
    else:
        apart = _apart(answers.score, other.score)
        agree = _rowwise(answers.chosen == other.chosen)
    evidence = _told(ask, ours, scores, agree, apart, answers, _texts(other, ask.within), ask.within is None)
    return evidence.model_copy(update={**about, **_who_is_right(agree, answers, other, ask)})


def _against_labels(
    ask: AgreementAsk, ours: PredictionsEvidence, scores: Scores, answers: Answers
) -> AgreementEvidence:
    golden = scores["golden"]
    if golden.size == answers.score.size and ask.within is not None:
        apart = _apart(answers.score, golden.reshape(answers.score.shape))
        return _told(ask, ours, scores, apart <= ask.within, apart, answers, _texts_of(golden), False)
    if answers.asked is Task.NUMBERS:
        raise Unfit(
            f"golden labels of shape {golden.shape} cannot be matched with answers of shape {answers.score.shape}: "
            "give the answer expected for each row, of the same shape"
        )
    agree = _rowwise(answers.chosen == answers.labels)
    apart = np.where(agree, 0.0, 1.0)
    return _told(ask, ours, scores, agree, apart, answers, _texts_of(answers.labels), True)


def _told(
    ask: AgreementAsk,
    ours: PredictionsEvidence,
    scores: Scores,
    agree: NDArray[np.bool_],
    apart: Array,
    answers: Answers,
    theirs: Any,
    decided: bool,
) -> AgreementEvidence:
    low, high = wilson(int(agree.sum()), len(agree), ask.confidence)
    mine, labels = _texts(answers, None if decided else ask.within), _texts_of(answers.labels)
    member = scores.get("member")
    flipped = np.flatnonzero(~agree)
    furthest = flipped[np.argsort(-np.nan_to_num(apart[flipped], nan=math.inf), kind="stable")][:MOST_FLIPS]
    return AgreementEvidence(
        rows=len(agree),
        agreeing=int(agree.sum()),
        decided=decided,
        largest=math.nan if decided else float(apart.max()),
        low=float(low),
        high=float(high),
        flips=tuple(
            Flip(
                row=int(at),
                ours=mine(at),
                theirs=theirs(at),
                label="" if ask.theirs is None else labels(at),
                apart=float(apart[at]),
                where={} if member is None else ours.slices[int(member[at])].where,
            )
            for at in furthest
        ),
        slices=_slices(ours, member, agree, ask.confidence),
    )


def _slices(
    ours: PredictionsEvidence, member: Array | None, agree: NDArray[np.bool_], confidence: float
) -> tuple[SliceValue, ...]:
    if member is None:
        return ()
    agreeing = np.bincount(member, agree, len(ours.slices))
    rows = np.bincount(member, minlength=len(ours.slices))
    low, high = wilson(agreeing, rows, confidence)
    return tuple(
        SliceValue(where=part.where, value=float(agreeing[at] / rows[at]), rows=part.rows, low=low[at], high=high[at])
        for at, part in enumerate(ours.slices)
    )


def _who_is_right(agree: NDArray[np.bool_], ours: Answers, theirs: Answers, ask: AgreementAsk) -> dict[str, int]:
    """Return how many flips only one of the two has right, where answers are about classes."""
    if ours.asked is Task.NUMBERS or ask.within is not None:
        return {}
    right, other = (_rowwise(each.chosen == ours.labels) for each in (ours, theirs))
    return {"better": int((~agree & right & ~other).sum()), "worse": int((~agree & other & ~right).sum())}


def _apart(one: Array, other: Array) -> Array:
    """Return the largest difference of each row, (rows,); infinite where one of two is NaN."""
    with np.errstate(invalid="ignore"):
        gap = np.abs(one.astype(np.float64) - other.astype(np.float64)).reshape(len(one), -1)
    both = (np.isnan(one) & np.isnan(other)).reshape(len(one), -1)
    return np.asarray(np.where(both, 0.0, np.where(np.isnan(gap), math.inf, gap)).max(axis=1))


def _rowwise(equal: Array) -> NDArray[np.bool_]:
    return np.asarray(equal.reshape(len(equal), -1).all(axis=1))


def _texts(answers: Answers, within: float | None) -> Any:
    """Return a function of a row that writes what was answered: the decision and how sure, or the numbers."""
    if within is not None or answers.asked is Task.NUMBERS:
        return _texts_of(answers.score)
    chosen, score = _texts_of(answers.chosen), answers.score
    return lambda at: f"{chosen(at)} ({float(np.max(score[at])):.3g})"


def _texts_of(values: Array) -> Any:
    return lambda at: ", ".join(f"{float(each):.4g}" for each in np.ravel(values[at])[:6])
