"""Models as users hand them over: a callable that returns a compiled one, or a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mltspec.plan.subject import Model
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.targets import call


def build(model: Model, bench: Bench) -> Any:
    """Return the model as its author builds it: a compiled ``keras.Model``.

    Raises:
        Unfit: it cannot be found, is no Keras model, or is not compiled. What the user's code raises
            goes through.
    """
    origin = model.build
    if origin.kind == "python":
        built = call(origin.target, bench)
    elif origin.kind == "keras":
        built = read_keras(bench.find(origin.target), model.trusted)
    elif origin.kind == "savedmodel":
        raise Unfit(
            f"model `{model.name}`: a SavedModel (`{origin.target}`) holds functions to serve, not a model to "
            "train; give the Python callable that builds it, or a `.keras` file"
        )
    else:
        raise Unfit(f"model `{model.name}`: a {origin.kind} file (`{origin.target}`) is not a model")
    return compiled(built, f"model `{model.name}`: `{origin.target}`")


def compiled(built: object, where: str) -> Any:
    """Return what is a compiled Keras model; refuse anything else by its name.

    Raises:
        Unfit: it is something else, or not compiled.
    """
    import keras

    if not isinstance(built, keras.Model):
        kind = "None" if built is None else f"a {type(built).__module__}.{type(built).__qualname__}"
        hint = "; is there a `return`?" if built is None else ""
        raise Unfit(f"{where} returned {kind}, not a keras.Model{hint}")
    if not built.compiled:
        raise Unfit(f"{where} is not compiled: call `model.compile(optimizer, loss, metrics)` before returning it")
    return built


def read_keras(file: Path, trusted: bool) -> Any:
    """Return what a `.keras` file holds; in safe mode, unless it is trusted.

    Raises:
        Unfit: it cannot be loaded.
    """
    import keras

    try:
        return keras.saving.load_model(file, safe_mode=not trusted)
    except (ValueError, TypeError, OSError) as error:
        reason = " ".join(str(error).split())
        hint = "" if trusted or "safe" not in reason.lower() else "; if you trust the file, mark the model `trusted`"
        raise Unfit(f"`{file.name}` cannot be loaded{hint}: {reason:.400}") from error
