"""A model at hand in a test, as children in processes of their own can have it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast


def origin_of(model: object, store: Path) -> tuple[str, str]:
    """Return the kind and the target of an origin: a model is saved to a file in the store, named by its content.

    Raises:
        TypeError: it is no model and nothing that names one, or a function that no other process could import.
    """
    if isinstance(model, str) and ":" in model:
        return "python", model
    if isinstance(model, str | Path):
        return "keras", str(Path(model).absolute())
    if callable(getattr(model, "save", None)) and hasattr(model, "get_weights"):
        return "keras", str(_saved(model, store))
    if callable(model):
        return "python", _named(cast(Callable[[], Any], model))
    raise TypeError(f"`model` is a Keras model, a function, `module:function` or a path, not {type(model).__name__}")


def _named(build: Callable[[], Any]) -> str:
    module, name = getattr(build, "__module__", "__main__"), getattr(build, "__qualname__", "")
    if module == "__main__" or not name.isidentifier():
        raise TypeError(
            f"`{name or build!r}` of `{module}` cannot be imported by another process; give a function at the top of a "
            "module, or the model itself"
        )
    return f"{module}:{name}"


def _saved(model: Any, store: Path) -> Path:
    """Save a model under the digest of what it holds: the file bears the time, and would never be known again."""
    folder = (store / "asserted").absolute()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{_digest(model)}.keras"
    if not file.exists():
        part = file.with_suffix(".part.keras")
        model.save(part)
        part.replace(file)
    return file


def _digest(model: Any) -> str:
    held = hashlib.sha256(f"{model.to_json()}\n{model.get_compile_config()}".encode())
    for variable in (*model.variables, *(model.optimizer.variables if model.optimizer else ())):
        held.update(variable.numpy().tobytes())
    return held.hexdigest()[:16]
