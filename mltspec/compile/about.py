"""Which model an expectation is about, and which data that model is trained on."""

from __future__ import annotations

from mltspec.compile.fault import SILENT, Fault, Faulty
from mltspec.compile.names import Names
from mltspec.language.source import Span


def model_of(place: Span, named: str | None, names: Names) -> str:
    """Return the model that a suite names, or the only one there is.

    Raises:
        Faulty: there is none, or several; or it is faulty itself.
    """
    models = names.of("model")
    name = named or (next(iter(models)) if len(models) == 1 else None)
    if name in models and not models[name].faulty:
        return name
    if not models:
        help_text = 'declare one: `model name { build python "module:build" }`'
        raise Faulty(Fault("no-model", "no model is declared to expect this of", place, help=help_text))
    if name is None:
        several = " or ".join(f"`for {each}`" for each in models)
        help_text = f"say which in the suite: {several}"
        raise Faulty(Fault("which-model", "several models are declared", place, help=help_text))
    raise Faulty(SILENT)


def training_of(place: Span, named: str | None, model: str, names: Names) -> str:
    """Return the data that a suite or the model names, or the only one there is.

    Raises:
        Faulty: nothing says which; or it is faulty itself.
    """
    data = names.of("data")
    name = named or (next(iter(data)) if len(data) == 1 else None)
    if name in data and not data[name].faulty:
        return name
    if name is not None:
        raise Faulty(SILENT)
    way_out = (
        "add `on NAME` to the suite, or `trains on NAME` to the model"
        if data
        else 'declare data: `data history = python "module:load"`'
    )
    raise Faulty(Fault("no-training-data", f"nothing says what `{model}` is trained on", place, help=way_out))
