"""Send raw rows down both paths to the model: compare the features, and see whether the model has an answer."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, cast

import keras
import numpy as np
import tensorflow as tf

from mltspec.evidence.kind import Ask, Evidence
from mltspec.evidence.skew import Alone, InputSkew, SkewAsk, SkewEvidence, Unanswered
from mltspec.subjects import data as datasets
from mltspec.subjects import framework, models
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.input_names import input_names
from mltspec.subjects.nests import as_arrays, is_composite, leaves, mapped, rows_of, taken
from mltspec.subjects.skew_relation import compare, distance, missing
from mltspec.subjects.targets import call

Path = Literal["training", "serving"]


def observe(asks: Sequence[Ask], found: Sequence[Evidence], bench: Bench) -> list[Evidence]:
    """Compare both paths of each model asked about.

    Args:
        asks: SkewAsks.
        found: nothing.
        bench: the roots that hold the user's code and files.

    Raises:
        Unfit: there are no raw rows, or they come in a form that is not known. What the user's training code
            raises goes through; what serving raises where training does not is evidence.
    """
    return [_one(cast(SkewAsk, ask), bench) for ask in asks]


def _one(ask: SkewAsk, bench: Bench) -> SkewEvidence:
    framework.prepare(ask.seed, bench.threads)
    raw = _raw(ask, bench)
    rows = _count(raw)
    model = models.build(ask.model, bench)
    paths, error = _features(ask, raw, bench)
    # Where the model names no inputs, a list is taken to be in the order in which the other path names them.
    keyed = [list(map(str, structure)) for structure in paths.values() if isinstance(structure, Mapping)]
    names = list(input_names(model)) or (keyed[0] if keyed else [])
    both = {path: _named(structure, names) for path, structure in paths.items() if structure is not None}
    compared = set(both) == {"training", "serving"}
    fed = paths or {"training": as_arrays(raw)}
    head = datasets.load(ask.data, bench, model).head(ask.rows)[0]
    unanswered = [_unanswered(model, path, structure, head) for path, structure in fed.items()]
    return SkewEvidence(
        rows=rows,
        compared=ask.model.features is not None and ask.model.serving is not None,
        error=error,
        inputs=tuple(_inputs(both["training"], both["serving"], names)) if compared else (),
        alone=tuple(_alone(ask, raw, paths, names, bench)) if rows > 1 else (),
        answered=rows if any(each is not None for each in unanswered) else 0,
        unanswered=tuple(each for each in unanswered if each is not None and each.rows),
    )


def _raw(ask: SkewAsk, bench: Bench) -> Any:
    """Return the first raw rows: a dict of arrays, a list of dicts, or an array or frame."""
    if ask.model.raw is None:
        raise Unfit(f'model `{ask.model.name}` declares no raw rows; add `raw python "module:raw_examples"` to it')
    raw = call(ask.model.raw, bench)
    if raw is None or not _count(raw):
        raise Unfit(f"`{ask.model.raw}` returned no rows; return a dict of arrays or a list of dicts")
    return _some(raw, slice(0, ask.rows))


def _count(raw: Any) -> int:
    if isinstance(raw, Mapping):
        return len(next(iter(raw.values()))) if raw else 0
    return len(raw)


def _some(raw: Any, rows: slice) -> Any:
    """Return some raw rows in the form they came in."""
    if isinstance(raw, Mapping):
        return {name: column[rows] for name, column in raw.items()}
    return raw.iloc[rows] if hasattr(raw, "iloc") else raw[rows]


def _features(ask: SkewAsk, raw: Any, bench: Bench) -> tuple[dict[Path, Any], str]:
    """Return the features of each path that is declared, and what serving raised where training did not."""
    paths: dict[Path, Any] = {}
    if ask.model.features is not None:
        paths["training"] = as_arrays(call(ask.model.features, bench, raw))
    if ask.model.serving is None:
        return paths, ""
    if "training" not in paths:
        return {"serving": as_arrays(call(ask.model.serving, bench, raw))}, ""
    try:
        paths["serving"] = as_arrays(call(ask.model.serving, bench, raw))
    except Exception as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()]
        return paths, f"{type(error).__name__}: {lines[0] if lines else 'no message'}"
    return paths, ""


def _named(structure: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return inputs by name; a list is in the order of the model's inputs, and a single array has no name."""
    if isinstance(structure, Mapping):
        return dict(structure)
    if isinstance(structure, list | tuple):
        called = names if len(names) == len(structure) else [f"input {at}" for at in range(len(structure))]
        return dict(zip(called, structure, strict=True))
    return {"input": structure}


def _inputs(training: Mapping[str, Any], serving: Mapping[str, Any], names: Sequence[str]) -> Iterator[InputSkew]:
    """Compare the inputs of both paths by name; what the model does not take is nobody's concern."""
    if len(training) == len(serving) == 1:
        (name,), (ours,), (theirs,) = training, serving.values(), training.values()
        yield compare(name, theirs, ours, {})
        return
    taken_names = [name for name in training if not names or name in names] or list(training)
    rows = rows_of(next(iter(training.values())))
    for name in taken_names:
        if name not in serving:
            given = ", ".join(map(str, serving))
            yield missing(name, rows, f"serving gives {given}")
        elif is_composite(training[name]) or is_composite(serving[name]):
            yield compare(name, _texts(training[name]), _texts(serving[name]), {})
        else:
            others = {other: array for other, array in training.items() if other != name and not is_composite(array)}
            yield compare(name, training[name], serving[name], others)


def _texts(leaf: Any) -> Any:
    """Return ragged rows as text, so that they can be compared."""
    return (
        np.array([repr(row) for row in leaf.to_list()])
        if hasattr(leaf, "to_list")
        else tf.sparse.to_dense(leaf).numpy()
    )


def _alone(ask: SkewAsk, raw: Any, paths: Mapping[Path, Any], names: Sequence[str], bench: Bench) -> Iterator[Alone]:
    """Send the first row alone: what a path makes of it must not hang on the rows beside it."""
    targets = {"training": ask.model.features, "serving": ask.model.serving}
    for path, structure in paths.items():
        target = targets[path]
        with contextlib.suppress(Exception):
            single = _named(as_arrays(call(str(target), bench, _some(raw, slice(0, 1)))), names)
            among = _named(taken(structure, slice(0, 1)), names)
            apart = {name: _apart(among[name], single[name]) for name in among if name in single}
            worst = max(apart, key=lambda name: apart[name])
            yield Alone(path=path, largest=apart[worst], name=worst)


def _apart(one: Any, other: Any) -> float:
    a, b = np.asarray(one), np.asarray(other)
    if a.dtype.kind not in "biuf" or b.dtype.kind not in "biuf" or a.shape != b.shape:
        return 0.0 if a.size == b.size and bool((a == b).all()) else math.inf
    return float(distance(a.astype(np.float64), b.astype(np.float64)).max(initial=0.0))


def _unanswered(model: Any, path: Path, structure: Any, head: Any) -> Unanswered | None:
    """Ask the model about raw rows; it need not be trained, for what is no number stays none.

    Returns:
        None if the model does not take the features.
    """
    try:
        answers = _call(model, structure)
        trained_on = _bad_rows(_call(model, head))
    except (ValueError, TypeError, KeyError, tf.errors.OpError):
        return None
    bad = _bad_rows(answers)
    at = np.flatnonzero(bad)
    in_features = bool(_bad_rows(structure)[at].any()) if len(at) else False
    layer, held = ("", "") if in_features or not len(at) else _culprit(model, taken(structure, at))
    return Unanswered(
        path=path,
        rows=len(at),
        first_row=int(at[0]) if len(at) else 0,
        in_features=in_features,
        layer=layer,
        held=cast(Literal["0", "below 0", ""], held),
        in_training=bool(held) and _given(model, head, layer, held),
        training_rows=int(trained_on.sum()),
    )


def _call(model: Any, structure: Any) -> Any:
    """Call the model in inference mode, as one traced to be served is called."""
    return mapped(np.asarray, model(mapped(_tensor, structure), training=False))


def _tensor(leaf: Any) -> Any:
    return leaf if is_composite(leaf) else tf.convert_to_tensor(leaf)


def _bad_rows(structure: Any) -> Any:
    """Return (rows,) flags of rows that hold NaN or infinity."""
    arrays = [np.asarray(leaf) for leaf in leaves(structure) if not is_composite(leaf)]
    flags = [~np.isfinite(a.reshape(len(a), -1)).all(axis=1) for a in arrays if a.dtype.kind in "fc"]
    return np.any(flags, axis=0) if flags else np.zeros(len(arrays[0]) if arrays else 0, bool)


def _culprit(model: Any, structure: Any) -> tuple[str, str]:
    """Return the first layer that answers NaN or infinity to finite inputs, and what it is given there."""
    for name, given, answered in _layer_calls(model, structure):
        if not _bad_rows(given).any() and _bad_rows(answered).any():
            return name, _held(given)
    return "", ""


def _given(model: Any, head: Any, layer: str, held: str) -> bool:
    """Tell whether training rows give a layer such values, too."""
    return any(name == layer and _held(given) == held for name, given, _ in _layer_calls(model, head))


def _held(given: Any) -> str:
    """Return what a logarithm, a root or a division cannot take, if it is there."""
    arrays = [np.asarray(leaf) for leaf in leaves(given) if np.asarray(leaf).dtype.kind in "biuf"]
    if any(bool((array < 0).any()) for array in arrays):
        return "below 0"
    return "0" if any(bool((array == 0).any()) for array in arrays) else ""


def _layer_calls(model: Any, structure: Any) -> list[tuple[str, Any, Any]]:
    """Call the model and return each layer's inputs and answers, innermost and earliest first."""
    calls: list[tuple[str, Any, Any]] = []
    original = keras.Operation.__call__

    def noted(self: Any, *positional: Any, **named: Any) -> Any:
        answer = original(self, *positional, **named)
        with contextlib.suppress(Exception):
            calls.append((self.name, mapped(np.asarray, list(positional[:1])), mapped(np.asarray, answer)))
        return answer

    keras.Operation.__call__ = noted
    try:
        with contextlib.suppress(Exception):
            _call(model, structure)
    finally:
        keras.Operation.__call__ = original
    return calls
