"""What a user's module says of its own intent: how to fit, and what must not be flagged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mltspec.plan.subject import Fit, Model
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.targets import lookup

OURS = {"x", "y", "verbose"}
"""Arguments of ``fit`` that are ours to give."""


def fit_of(model: Model, bench: Bench) -> tuple[Fit, dict[str, Any]]:
    """Return how to fit a model, and further arguments of ``model.fit``.

    What the spec says is the default; what the user's dict says goes before it.

    Raises:
        Unfit: the target is no dict.
    """
    if model.fit.settings is None:
        return model.fit, {}
    settings = dict(_mapping(model.fit.settings, bench))
    batch = settings.pop("batch_size", None)
    fit = Fit(
        epochs=int(settings.pop("epochs", 1)),
        batch_rows=model.fit.batch_rows if batch is None else int(batch),
        shuffle=bool(settings.pop("shuffle", model.fit.shuffle)),
        settings=model.fit.settings,
    )
    return fit, {name: value for name, value in settings.items() if name not in OURS}


def declared(model: Model, bench: Bench) -> Mapping[str, Any]:
    """Return what is intended: the user's dict, and the names that the spec lists, each True.

    Raises:
        Unfit: the target is no dict.
    """
    listed = dict.fromkeys(model.declares, True)
    return listed if model.declares_in is None else {**listed, **_mapping(model.declares_in, bench)}


def _mapping(target: str, bench: Bench) -> Mapping[str, Any]:
    found = lookup(target, bench)
    found = found() if callable(found) else found
    if not isinstance(found, Mapping):
        raise Unfit(f"`{target}` is a {type(found).__name__}, not a dict")
    return found
