"""Claims about what a change of one feature does to the answers, and relations of the user's own.

Source: Chen, Cheung and Yiu, "Metamorphic testing: a new approach for generating next test cases", HKUST-CS98-01,
1998; Segura et al., "A survey on metamorphic testing", IEEE Transactions on Software Engineering 42(9), 2016.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from mltspec.probes.batch import Batch
from mltspec.probes.schema import Array, Feature, Schema
from mltspec.probes.trial import HELD, Claim, Others, Outcome, Trial, compared, number_text, place, size

RISE = 0.1
"""Where nobody says by how much a feature rises: this share of the range seen, not beyond it."""


@dataclass(frozen=True)
class Cells:
    """The cells of one feature, or of one column of it, in every row."""

    which: int
    columns: slice
    feature: Feature
    name: str

    def of(self, batch: Batch) -> Array:
        """Return the cells, ``(rows, columns)``."""
        return batch.tables[self.which][:, self.columns]

    def replaced(self, batch: Batch, values: Array) -> Batch:
        """Return the batch with other values in these cells; texts may be longer than any seen."""
        table = batch.tables[self.which]
        kept = table.astype(np.result_type(table.dtype, values.dtype)) if table.dtype.kind == "U" else table.copy()
        kept[:, self.columns] = values
        tables = (*batch.tables[: self.which], kept, *batch.tables[self.which + 1 :])
        return replace(batch, tables=tables)


def cells_named(schema: Schema, name: str) -> Cells:
    """Find a feature by its name, or a column as tables show it (``pixels[3,5]``).

    Raises:
        LookupError: there is none; the message lists those there are.
    """
    for which, feature in enumerate(schema.features):
        if feature.name == name:
            return Cells(which, slice(None), feature, name)
        for column in range(feature.width) if name.startswith(f"{feature.name}[") else ():
            if feature.column(column) == name:
                return Cells(which, slice(column, column + 1), feature, name)
    known = [f"`{feature.name}`" for feature in schema.features[:12]]
    first = schema.features[0]
    example = f", and columns such as `{first.column(first.width - 1)}`" if first.width > 1 else ""
    raise LookupError(f"there is no feature `{name}`; there are {', '.join(known)}{example}")


def unchanged(cells: Cells, to: str | float | None, tolerance: float) -> Claim:
    """Answers stay when a feature changes to a value or, if none is given, to other rows' values."""

    def change(trial: Trial) -> Outcome:
        values = _set_to(cells, trial, to) if to is not None else _of_other_rows(cells, trial)
        other = trial.model.forward(cells.replaced(trial.batch, values))
        shown = "other rows' values" if to is None else to if isinstance(to, str) else number_text(to)
        how = f"with {cells.name} changed to {shown}"
        return compared(trial, Others(how, np.arange(trial.batch.rows), other, "as it is"), tolerance)

    return Claim("prediction unchanged", change, "largest deviation")


def monotone(cells: Cells, way: Literal["fall", "rise"], by: float | None, share: bool, output: int | None) -> Claim:
    """An answer does not fall (or rise) when a feature rises. The measure is the largest wrong step."""
    sign = -1.0 if way == "fall" else 1.0

    def raise_it(trial: Trial) -> Outcome:
        before = _single(trial.outputs, output)
        after = _single(trial.model.forward(cells.replaced(trial.batch, _moved(cells, trial, by, share, 1))), output)
        wrong = sign * (after - before)
        if not wrong.size:
            return HELD
        row = int(np.where(np.isnan(wrong), -np.inf, wrong).argmax())
        largest = max(0.0, float(wrong[row]) / size(before))
        if largest <= 0 or trial.tolerates(largest, 0.0):
            return Outcome(False, largest, largest, "")
        seen = f"{_named(output)} for row {row} is {number_text(before[row])} as it is and {number_text(after[row])} "
        return Outcome(True, largest, largest, f"{seen}with {cells.name} raised")

    return Claim("prediction monotone", raise_it, f"largest {way}")


def within(cells: Cells, bound: float, by: float, share: bool) -> Claim:
    """Answers move by no more than a bound when a feature moves, up or down. The measure is the largest move."""

    def move(trial: Trial) -> Outcome:
        worst = HELD
        for direction, word in ((1, "raised"), (-1, "lowered")):
            others = trial.model.forward(cells.replaced(trial.batch, _moved(cells, trial, by, share, direction)))
            for number, (output, other) in enumerate(zip(trial.outputs, others, strict=True)):
                apart = np.abs(other.astype(np.float64) - output)
                apart = np.where(np.isnan(apart), np.where(np.isnan(output) & np.isnan(other), 0.0, np.inf), apart)
                largest = float(apart.max()) if apart.size else 0.0
                if largest <= worst.badness:
                    continue
                at = tuple(int(i) for i in np.unravel_index(int(apart.argmax()), apart.shape))
                broken = largest > bound + size(output) * trial.model.precision
                seen = (
                    f"{place(trial, number, at)} is {number_text(output[at])} as it is and {number_text(other[at])} "
                    f"with {cells.name} {word}"
                )
                worst = Outcome(broken, largest, largest, seen if broken else "")
        return worst

    return Claim("prediction within", move, "largest move")


def related(relation: Callable[..., Any], name: str) -> Claim:
    """A relation of the user's own holds.

    It is called as ``relation(predict, inputs)`` and answers with nothing or True where it holds, with False, a text
    that says what is wrong, or an array of True and False, one a row; or it raises AssertionError.
    """

    def ask(trial: Trial) -> Outcome:
        try:
            answer = trial.model.relate(relation, trial.batch)
        except AssertionError as wrong:
            said = next(iter(str(wrong).strip().splitlines()), "") or "an assertion failed"
            return Outcome(True, math.inf, None, f"it says: {said[:200]}")
        if answer is None:
            return HELD._replace(value=None)
        if isinstance(answer, str):
            return Outcome(bool(answer), math.inf if answer else 0.0, None, f"it says: {answer[:200]}")
        flags = np.asarray(answer)
        if flags.dtype.kind != "b":
            raise TypeError(f"{name} answered {type(answer).__name__}, not True, False, a text, or one of them a row")
        if flags.all():
            return HELD._replace(value=None)
        row = int(np.argwhere(~flags)[0][0]) if flags.ndim else None
        return Outcome(True, math.inf, None, "it answers False" + ("" if row is None else f" for row {row}"))

    return Claim("relation", ask, "")


def _set_to(cells: Cells, trial: Trial, to: str | float) -> Array:
    kind = cells.feature.kind
    if (kind == "text") != isinstance(to, str):
        wanted = "a text" if kind == "text" else "a number"
        raise TypeError(f"{cells.name} takes {wanted}, and it is to change to {to!r}")
    shape = cells.of(trial.batch).shape
    return np.full(shape, to) if isinstance(to, str) else np.full(shape, to).astype(cells.feature.pool.dtype)


def _of_other_rows(cells: Cells, trial: Trial) -> Array:
    """Return the values of real rows, each another's; which ones depends on the batch's size alone."""
    rows, pool = trial.batch.rows, cells.feature.pool
    return np.asarray(pool[(np.arange(rows) * 31 + rows * 17) % len(pool)][:, cells.columns])


def _moved(cells: Cells, trial: Trial, by: float | None, share: bool, direction: int) -> Array:
    """Return the values raised or lowered; whole numbers by whole steps, and never beyond what their type holds."""
    values = cells.of(trial.batch)
    if values.dtype.kind not in "fiu":
        raise TypeError(f"{cells.name} is a {cells.feature.kind}: it cannot rise or fall")
    plain = values.astype(np.float64)
    low, high = (end[cells.columns].astype(np.float64) for end in (cells.feature.low, cells.feature.high))
    if by is None:
        step = RISE * (high - low)
        step = np.maximum(1.0, np.round(step)) if values.dtype.kind in "iu" else step
        moved = np.where(plain < high, np.minimum(plain + step, high), plain)
    else:
        moved = plain + direction * (np.abs(plain) * by if share else by)
    if values.dtype.kind in "iu":
        ends = np.iinfo(values.dtype)
        moved = np.clip(np.round(moved), float(ends.min), float(ends.max))
    return np.asarray(np.where(np.isnan(plain), plain, moved).astype(values.dtype))


def _single(outputs: tuple[Array, ...], output: int | None) -> Array:
    """Return one number a row: the only one, or the one asked for.

    Raises:
        ValueError: there are several, and nobody says which.
    """
    table = outputs[0].reshape(len(outputs[0]), -1).astype(np.float64)
    if output is None and (len(outputs) > 1 or table.shape[1] != 1):
        raise ValueError(f"a row has {sum(o[0].size for o in outputs)} outputs; say which: `of output 0`")
    if (output or 0) >= table.shape[1]:
        raise ValueError(f"there is no output {output}: a row has {table.shape[1]}")
    return np.asarray(table[:, output or 0])


def _named(output: int | None) -> str:
    return "the prediction" if output is None else f"output {output}"
