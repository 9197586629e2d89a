"""A spec's model and data to the plan of one trace."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mltspec import __version__
from mltspec.checks.debugging.trace_finite import TraceParams
from mltspec.compile.about import model_of, training_of
from mltspec.compile.fault import Fault, Faulty
from mltspec.compile.files import load, roots_of
from mltspec.compile.linking import Linked, link
from mltspec.compile.names import Names, unknown
from mltspec.compile.profile import Profile
from mltspec.compile.requests import Requests
from mltspec.evidence.trace import TraceAsk
from mltspec.evidence.training import TrainingAsk
from mltspec.language.diagnostic import Diagnostic
from mltspec.language.source import Span
from mltspec.language.tree import Word
from mltspec.plan.plan import Expectation, Marks, Place, Plan
from mltspec.plan.quantity import Quantity
from mltspec.plan.subject import Data, Model, Server


@dataclass(frozen=True)
class Wanted:
    """What is to be followed: names that the spec declares (None: the only one), rows by number, and how far."""

    model: str | None = None
    data: str | None = None
    rows: tuple[int, ...] = tuple(range(8))
    steps: int = 1
    untrained: bool = False
    export: bool = True
    counterexample: str = ""
    about: str = ""
    server: str | None = None


def trace_plan(path: Path, wanted: Wanted, profile: str | None, seed: int | None) -> Plan | Diagnostic:
    """Return the plan of one trace, whose one expectation is that all is finite; or what is wrong with what was asked.

    The spec must be sound. Nothing of the user's is imported or executed.
    """
    linked = link(load(path))
    try:
        return _plan(linked, path, wanted, profile, seed)
    except Faulty as faulty:
        fault: Fault = faulty.fault
        return fault.of(linked.loaded.spec.source)


def _server(names: Names, wanted: Wanted) -> Server | None:
    """Return the server that is asked too: the one that is named, or the only one declared."""
    servers = names.of("server")
    name = wanted.server or (next(iter(servers)) if len(servers) == 1 else None)
    found = servers[name].subject if name in servers and name else None
    return found if isinstance(found, Server) else None


def _plan(linked: Linked, path: Path, wanted: Wanted, profile: str | None, seed: int | None) -> Plan:
    top, names = Span(0, 0), linked.names
    for kind, name in (("model", wanted.model), ("data", wanted.data), ("server", wanted.server)):
        if name is not None and name not in names.of(kind):
            raise Faulty(unknown(kind, Word(top, name), list(names.of(kind))))
    models = list(names.of("model"))
    if wanted.model is None and len(models) > 1:
        several = " or ".join(f"`--model {name}`" for name in models)
        raise Faulty(Fault("which-model", "several models are declared", top, help=f"say which: {several}"))
    model_name = model_of(top, wanted.model, names)
    training_name = training_of(top, linked.model_data.get(model_name), model_name, names)
    model, training = names.declared[model_name].subject, names.declared[training_name].subject
    data = names.declared[wanted.data or training_name].subject
    assert isinstance(model, Model)
    assert isinstance(training, Data)
    assert isinstance(data, Data)
    settings = names.declared[profile].subject if profile and profile in names.declared else None
    if seed is None:
        seed = settings.seed if isinstance(settings, Profile) else Profile().seed
    ask = TraceAsk(
        run=TrainingAsk(model=model, data=training, seed=seed),
        data=data,
        rows=wanted.rows,
        steps=wanted.steps,
        untrained=wanted.untrained,
        export=wanted.export,
        counterexample=wanted.counterexample,
        about=wanted.about,
        server=_server(names, wanted) if wanted.export else None,
    )
    requests = Requests()
    need = requests.add(ask, roots_of(path))
    params = TraceParams(
        rows=Quantity(text=f"{len(wanted.rows)} rows"), on=data.name, steps=Quantity(text=f"{wanted.steps} steps")
    )
    expectation = Expectation(
        id=f"trace/{model_name}",
        suite="trace",
        check="trace-finite",
        test=5,
        text=f"expect trace finite on {data.name}",
        params=params.model_dump(mode="json"),
        defaults=(),
        needs=(need,),
        at=Place(file=linked.loaded.spec.source.path, line=1, column=1),
        marks=Marks(),
        seed=seed,
    )
    return Plan(
        version=__version__, profile=profile or "default", requests=tuple(requests.all()), expectations=(expectation,)
    )
