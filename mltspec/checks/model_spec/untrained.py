"""What all claims about an untrained model share: the ask, what could not be looked at, and evidence for examples."""

from __future__ import annotations

from collections.abc import Sequence

from mltspec.checks.check import Params, Scope
from mltspec.evidence.fresh import Asked, FreshAsk, FreshEvidence, Head, Pairing, Reach
from mltspec.evidence.kind import Ask

ROWS = 512
SAME = 1e-5
"""Relative difference of two gradients that single precision alone explains."""


class NoParams(Params):
    """Nothing to choose."""


def asks(params: Params, scope: Scope) -> Sequence[Ask]:
    """One look at fresh weights and the first rows; all claims about them share it."""
    return [FreshAsk(model=scope.model, data=scope.training, seed=scope.seed, rows=ROWS)]


def not_seen(seen: FreshEvidence, *about: str) -> str:
    """Return a half sentence about what could not be looked at, or an empty string."""
    found = [each for each in seen.unseen if each.startswith(about)]
    return f" (not looked at: {'; '.join(found)})" if found else ""


def of(head: Head) -> str:
    """Return ``the output``, or which of several."""
    return f"output `{head.name}`" if head.name else "the output"


def shape(of_row: Sequence[int]) -> str:
    """Return ``(N, 10)`` for rows of ten."""
    return f"({', '.join(['N', *map(str, of_row)])}{',' if not of_row else ''})"


def example_head(**seen: object) -> Head:
    """Return a healthy output over three classes, but for what is given."""
    reach = Reach(low=0.0, high=1.0, low_held=True, high_held=True, sums_to_one=True, fixed=None)
    healthy = Head(
        name="",
        loss="sparse_categorical_crossentropy",
        wants="classes",
        reading="probabilities",
        shape=(3,),
        finite=True,
        reach=reach,
        asked=Asked(shape=(), low=0.0, high=2.0, whole=True, most_at_once=float("nan"), unreachable=0.0),
        start=None,
    )
    return healthy.model_copy(update=seen)


def example(**seen: object) -> FreshEvidence:
    """Return a look in which nothing is wrong but what is given."""
    healthy = FreshEvidence(
        rows=512,
        labelled=True,
        own_step=False,
        repeatable=True,
        heads=(example_head(),),
        pairing=Pairing(rows=8, exchanged=1.1, replaced=0.9, halves=0.0, all_pairs=None),
        doubling=None,
        penalties=None,
        weighing=None,
        frozen=None,
    )
    return healthy.model_copy(update=seen)
