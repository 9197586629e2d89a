"""Requests that wait at the same moment, answered in one call of the model: what TF Serving calls batching.

Rows of a batch must not touch each other, which is a claim of its own (`expect rows independent`). So only requests
under pressure share one, and where that goes wrong each is answered alone: a bad request harms no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mltspec.serving.local.repository import Servable

FEWEST = 3
"""Fewer that wait are answered one by one: a batch would gain nothing."""
MOST_ROWS = 256


@dataclass(frozen=True)
class Waiting:
    """A request to a model, and where its answers go."""

    servable: Servable
    arrays: Mapping[str, Any]
    answers: asyncio.Future[Any]


def batches(waiting: Sequence[Waiting]) -> Iterator[list[Waiting]]:
    """Group what may be answered together: the same model, arrays alike but for their rows."""
    groups: dict[Any, list[Waiting]] = {}
    for each in waiting:
        if not each.answers.done():  # its caller has gone
            groups.setdefault(_kind(each), []).append(each)
    for key, group in groups.items():
        if key is None or len(group) < FEWEST:
            yield from ([each] for each in group)
            continue
        rows = 0
        part: list[Waiting] = []
        for each in group:
            rows += _rows(each)
            if part and rows > MOST_ROWS:
                yield part
                rows, part = _rows(each), []
            part.append(each)
        yield part


def answer(together: Sequence[Waiting]) -> None:
    """Answer requests in one call, and each alone where that fails."""
    if len(together) > 1:
        try:
            for each, answers in zip(together, _at_once(together), strict=True):
                each.answers.set_result(answers)
            return
        except Exception:  # noqa: S110 - whose fault it is, is told below
            pass
    for each in together:
        try:
            each.answers.set_result(each.servable(each.arrays))
        except Exception as error:
            each.answers.set_exception(error)


def _at_once(together: Sequence[Waiting]) -> list[dict[str, Any]]:
    sizes = [_rows(each) for each in together]
    fed = {name: np.concatenate([each.arrays[name] for each in together]) for name in together[0].arrays}
    answers = together[0].servable(fed)
    if any(not np.ndim(value) or len(value) != sum(sizes) for value in answers.values()):
        raise ValueError("the answers are not one a row")
    cuts = np.cumsum(sizes)[:-1]
    split = {name: np.split(value, cuts) for name, value in answers.items()}
    return [{name: parts[at] for name, parts in split.items()} for at in range(len(together))]


def _rows(each: Waiting) -> int:
    return len(next(iter(each.arrays.values())))


def _kind(each: Waiting) -> Any:
    """Return what requests of one batch have in common; None where a request can share none."""
    arrays = each.arrays.values()
    if not arrays or any(array.ndim == 0 for array in arrays) or len({len(array) for array in arrays}) != 1:
        return None
    if any(
        tensor.shape is None or not tensor.shape or tensor.shape[0] is not None
        for tensor in each.servable.inputs.values()
    ):
        return None
    return id(each.servable), tuple((name, a.shape[1:], a.dtype.str) for name, a in sorted(each.arrays.items()))
