"""Areas under ROC curves slice by slice, with bounds, from counts by score that can be added up: one pass.

Scores are kept as counts of positive and negative rows at each distinct score. That is exact as long as there are not
too many distinct ones; beyond, the last bits of scores are dropped, and how much that can matter is known: rows that
were told apart by those bits count as ties.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from mltspec.statistics.shares import wilson

Floats: TypeAlias = NDArray[np.float64]
Keys: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = NDArray[np.intp]

MOST_SCORES = 1 << 20
"""Distinct pairs of slice and score held before bits are dropped: with what sorting them takes, some 100 MB."""

SCORE_BITS = 32


@dataclass
class Areas:
    """Counts of positive and negative rows by slice and score.

    Args:
        slices: how many slices there are.
        most: how many distinct scores are held.
    """

    slices: int
    most: int = MOST_SCORES
    keys: Keys = field(default_factory=lambda: np.zeros(0, np.int64))
    positive: Keys = field(default_factory=lambda: np.zeros(0, np.int64))
    negative: Keys = field(default_factory=lambda: np.zeros(0, np.int64))
    dropped_bits: int = 0
    lost: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        self.lost = np.zeros(self.slices, bool)

    def add(self, truth: NDArray[Any], score: NDArray[Any], codes: Codes) -> None:
        """Take in rows.

        Args:
            truth: (rows,), true or positive for positive rows.
            score: (rows,), compared in single precision, in which models answer; a NaN makes its slice's area NaN.
            codes: (rows,), the slice of each row; a negative one is left out.
        """
        single = np.asarray(score, np.float32)
        usable = (codes >= 0) & ~np.isnan(single)
        if not usable.all():
            self.lost[np.unique(codes[(codes >= 0) & ~usable])] = True
            truth, single, codes = truth[usable], single[usable], codes[usable]
        packed = _ordered(single) | (codes.astype(np.int64) << SCORE_BITS)
        # The label rides in the last bit, so that sorting numbers does what sorting rows would.
        packed = (packed << 1) | (np.asarray(truth) > 0)
        packed.sort()
        keys, labels = packed >> 1, packed & 1
        self._enter(keys, labels, 1 - labels)

    def merge(self, other: Areas) -> None:
        """Add the counts of other rows, of the same slices."""
        self._coarsen(other.dropped_bits)
        self.lost |= other.lost
        self._enter(other.keys, other.positive, other.negative)

    def values(self) -> Floats:
        """Return each slice's area, (slices,); NaN where a class is missing or a score was."""
        return self._measured()[0]

    def bounds(self, confidence: float) -> tuple[Floats, Floats]:
        """Return one-sided bounds of each area, (slices,) each.

        They are DeLong's, on the scale of log-odds, so that they stay between 0 and 1; an area without spread (all
        pairs in order) is bounded as a share of the rarer class.

        Source: DeLong et al., Biometrics 44, 1988; Pepe, "The Statistical Evaluation of Medical Tests", 2003, section
            5.2.4 (log-odds).
        """
        area, variance, rarer = self._measured()
        z = norm.ppf(confidence)
        with np.errstate(invalid="ignore", divide="ignore"):
            reach = z * np.sqrt(variance) / (area * (1 - area))
            low, high = expit(logit(area) - reach), expit(logit(area) + reach)
        plain = ~(variance > 0) | (rarer < 2)
        score_low, score_high = wilson(np.nan_to_num(area) * rarer, rarer, confidence)
        unknown = np.isnan(area)
        low, high = np.where(plain, score_low, low), np.where(plain, score_high, high)
        return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)

    def unsure(self) -> Floats:
        """Return by how much each area may be off because bits of scores were dropped, (slices,); 0 if none were."""
        if not self.dropped_bits:
            return np.zeros(self.slices)
        code, plus, minus = self._counts()
        ties = np.bincount(code, self.positive * self.negative.astype(float), self.slices)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(ties / (plus * minus) / 2)

    def _counts(self) -> tuple[Codes, Floats, Floats]:
        code = (self.keys >> (SCORE_BITS - self.dropped_bits)).astype(np.intp)
        counts = (self.positive, self.negative)
        plus, minus = (np.bincount(code, each, self.slices).astype(np.float64) for each in counts)
        return code, plus, minus

    def _measured(self) -> tuple[Floats, Floats, Floats]:
        """Return area, its variance, and the rows of the rarer class, (slices,) each."""
        code, plus, minus = self._counts()
        below = np.cumsum(self.negative) - self.negative / 2 - (np.cumsum(minus) - minus)[code]
        above = (np.cumsum(plus))[code] - np.cumsum(self.positive) + self.positive / 2
        with np.errstate(invalid="ignore", divide="ignore"):
            beaten, beating = below / minus[code], above / plus[code]
            area = np.bincount(code, self.positive * beaten, self.slices) / plus
            of_plus = np.bincount(code, self.positive * (beaten - area[code]) ** 2, self.slices)
            of_minus = np.bincount(code, self.negative * (beating - area[code]) ** 2, self.slices)
            variance = of_plus / (plus - 1) / plus + of_minus / (minus - 1) / minus
        unknown = self.lost | (plus == 0) | (minus == 0)
        return np.where(unknown, np.nan, area), variance, np.minimum(plus, minus)

    def _enter(self, keys: Keys, positive: Keys, negative: Keys) -> None:
        """Add counts by sorted keys; drop bits until there is room."""
        keys = keys >> self.dropped_bits
        if len(self.keys):
            keys = np.concatenate([self.keys, keys])
            order = np.argsort(keys, kind="stable")
            keys = keys[order]
            positive = np.concatenate([self.positive, positive])[order]
            negative = np.concatenate([self.negative, negative])[order]
        self.keys, self.positive, self.negative = _grouped(keys, positive, negative)
        while len(self.keys) > self.most and self.dropped_bits < SCORE_BITS - 1:
            self._coarsen(self.dropped_bits + 1)

    def _coarsen(self, bits: int) -> None:
        if bits > self.dropped_bits:
            keys = self.keys >> (bits - self.dropped_bits)
            self.keys, self.positive, self.negative = _grouped(keys, self.positive, self.negative)
            self.dropped_bits = bits


def _grouped(keys: Keys, positive: Keys, negative: Keys) -> tuple[Keys, Keys, Keys]:
    """Add up the counts of equal keys, which stand together."""
    if not len(keys):
        return keys, positive, negative
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    return keys[starts], np.add.reduceat(positive, starts), np.add.reduceat(negative, starts)


def _ordered(single: NDArray[np.float32]) -> Keys:
    """Return whole numbers in the order of the scores: floats of one sign are ordered as their bits are."""
    bits = (single + np.float32(0.0)).view(np.uint32).astype(np.int64)
    return np.where(bits >> (SCORE_BITS - 1), 0xFFFFFFFF - bits, bits | 0x80000000)
