"""Declarations to subjects: models, data, baselines, servers, pipelines, profiles, and what is attested."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mltspec.checks.clause import Clause
from mltspec.compile.attesting import attested
from mltspec.compile.fault import SILENT, Fault, Faulty, twice
from mltspec.compile.match import Clauses, Line, match_clauses, match_form
from mltspec.compile.names import Baseline, Declared, Names
from mltspec.compile.pipelines import pipeline_of, stage_names, stages_of
from mltspec.compile.profile import Profile
from mltspec.compile.servers import server_of, server_values
from mltspec.language.diagnostic import Diagnostic
from mltspec.language.quantity import parse_amount
from mltspec.language.source import Source
from mltspec.language.tree import Declaration, Item, Let, Statement

if TYPE_CHECKING:
    from mltspec.compile.names import Subject
    from mltspec.plan.subject import Data, Model

    Make = Callable[[], Subject]


MODEL = Clauses(
    (
        Clause("build {build:origin}", "what returns the compiled model", required=True),
        Clause("train command {job:command}", "the same as a command: `python train.py --workdir {workdir}`"),
        Clause("train {train:target}", "the user's own training job; model.fit by default"),
        Clause("export {export:target}", "what writes the servable; model.export by default"),
        Clause("trains on {trains_on:data}", "the data to train on, where a suite does not say"),
        Clause("fit {epochs:epochs} in batches of {batch_rows:rows}", "how model.fit is called"),
        Clause("fit as {settings:target}", "a dict of arguments for model.fit"),
        Clause("fit {epochs:epochs}", "how long model.fit trains"),
        Clause("shuffle {shuffle:yes/no}", "whether model.fit shuffles; yes by default"),
        Clause("raw {raw:target}", "what returns raw rows, as serving receives them"),
        Clause("features {features:target}", "raw rows to model inputs, as training computes them"),
        Clause("serving {serving:target}", "raw rows to model inputs, as serving computes them"),
        Clause("declares as {declares_in:target}", "a dict of what is intended and must not be flagged"),
        Clause("declares {declares:names}", "what is intended and must not be flagged"),
        Clause("trust {trusted:yes/no}", "load a file outside Keras' safe mode"),
    )
)
DATA = Clauses(
    (
        Clause("label {label:name}", "the column that holds the label"),
        Clause("reads {reads:texts}", "files that the Python target reads"),
    )
)
BASELINE = Clauses(
    (
        Clause("run seed {seed:count}", "the same model from another seed, trained by the run itself"),
        Clause("store {store:text}", "a baseline that `mltspec baseline save` keeps in the folder `baselines`"),
        Clause("version {version:version}", "which version; `latest` by default"),
        Clause("may be {may_be_missing:missing}", "a first run without it is skipped and said so, not inconclusive"),
        Clause("{origin:artifact}", "a model in files: `keras` a file, `savedmodel` a folder, also one of versions"),
    )
)
PROFILE = Clauses(
    (
        Clause("seed {seed:count}", "the seed of training and probes"),
        Clause("examples {examples:count}", "batches to probe"),
        Clause("confidence {confidence:ratio}", "the confidence of intervals"),
        Clause("runs tags {tags:names}", "which tags run"),
    )
)


def collect(source: Source, statements: Iterable[Statement], names: Names) -> tuple[Names, list[Diagnostic]]:
    """Add everything that a file declares at its top to ``names``; order in the file does not matter."""
    statements = list(statements)
    faults: list[Fault] = []
    declared = dict(names.declared)
    lets = dict(names.lets)
    for statement in statements:
        if isinstance(statement, Declaration):
            _enter(declared, statement, faults)
        elif isinstance(statement, Let):
            enter_let(replace(names, declared=declared, lets=lets), statement, faults)
            lets.setdefault(statement.name.text, statement.items)
    known = Names(declared, lets)
    for statement in statements:
        if isinstance(statement, Declaration) and declared[key_of(statement)].span == statement.name.span:
            try:
                make = READ[statement.keyword](statement, known) if statement.keyword in READ else None
            except Faulty as faulty:
                faults.append(faulty.fault)
                declared[key_of(statement)] = replace(declared[key_of(statement)], faulty=True)
                continue
            declared[key_of(statement)] = replace(declared[key_of(statement)], make=make)
    return Names(declared, lets), [fault.of(source) for fault in faults if fault is not SILENT]


def key_of(declaration: Declaration) -> str:
    """Return what a declaration is entered under; what is attested has names of its own that nothing can refer to."""
    name = declaration.name.text
    return f"attest {name}" if declaration.keyword == "attest" else name


def _enter(declared: dict[str, Declared], statement: Declaration, faults: list[Fault]) -> None:
    name, first = statement.name, declared.get(key_of(statement))
    if first is not None:
        faults.append(twice("declared-twice", name.text, name.span, first.span))
        return
    stages = stage_names(statement) if statement.keyword == "pipeline" else ()
    declared[key_of(statement)] = Declared(statement.keyword, name.span, None, stages=stages)


def enter_let(names: Names, let: Let, faults: list[Fault]) -> None:
    """Report a `let` that shadows another name or holds nothing that can stand for a value."""
    name = let.name
    if name.text in names.lets or name.text in names.declared:
        faults.append(
            Fault(
                "shadowed-name",
                f"`{name.text}` is already defined",
                name.span,
                label="again here",
                help="choose another name",
            )
        )
    if len(let.items) != 1:
        faults.append(
            Fault(
                "malformed-let",
                f"`{name.text}` stands for one value",
                name.span,
                label="one value is due",
                help="for example `let drop = 0.5pp`",
            )
        )


def _line(declaration: Declaration, names: Names) -> Line:
    items: Sequence[Item] = declaration.items
    if declaration.lines:
        items = [*items, *(item for line in declaration.lines for item in line.items)]
    return Line(items, names, f"{declaration.keyword} {declaration.name.text}", declaration.name.span)


def _needs_items(declaration: Declaration, line: Line, example: str) -> None:
    if not line.items:
        raise Faulty(
            Fault(
                "missing-source",
                f"{line.phrase} says nothing about where it comes from",
                declaration.name.span,
                label="nothing follows",
                help=f"for example `{example}`",
            )
        )


def _model(declaration: Declaration, names: Names) -> Make:
    line = _line(declaration, names)
    _needs_items(declaration, line, f'model {declaration.name.text} {{ build python "module:build" }}')
    values = match_clauses(MODEL, line, 0).values
    return lambda: _model_of(declaration.name.text, values)


def _model_of(name: str, values: Mapping[str, Any]) -> Model:
    from mltspec.plan.subject import Command, Fit, Model, Origin  # records of pydantic, which linting does without

    fit = Fit(
        epochs=_whole(values.get("epochs"), Fit().epochs),
        batch_rows=_whole(values.get("batch_rows"), Fit().batch_rows),
        shuffle=values.get("shuffle") != "no",
        settings=values.get("settings"),
    )
    targets = {name: values.get(name) for name in ("train", "export", "raw", "features", "serving", "declares_in")}
    return Model(
        name=name,
        build=Origin(**values["build"]),
        fit=fit,
        job=Command(**values["job"]) if values.get("job") else None,
        declares=tuple(values.get("declares", ())),
        trusted=values.get("trusted") == "yes",
        **targets,
    )


def _whole(amount: dict[str, str] | None, default: int) -> int:
    return parse_amount(amount["text"]).whole if amount else default


def trains_on(declaration: Declaration, names: Names) -> str | None:
    """Return the name of the data that a model declares to be trained on."""
    try:
        name = match_clauses(MODEL, _line(declaration, names), 0).values.get("trains_on")
    except Faulty:
        return None
    return str(name) if name else None


def _data(declaration: Declaration, names: Names) -> Make:
    line = _line(declaration, names)
    _needs_items(declaration, line, f'data {declaration.name.text} = python "module:load"')
    first = match_form("{origin:origin}", line, 0)
    values = match_clauses(DATA, line, first.end).values
    return lambda: _data_of(declaration.name.text, first.values["origin"], values)


def _data_of(name: str, origin: Mapping[str, Any], values: Mapping[str, Any]) -> Data:
    from mltspec.plan.subject import Data, Origin

    return Data(name=name, origin=Origin(**origin), label=values.get("label"), reads=tuple(values.get("reads", ())))


def _baseline(declaration: Declaration, names: Names) -> Make:
    line = _line(declaration, names)
    _needs_items(declaration, line, f"baseline {declaration.name.text} = run seed 1")
    values = match_clauses(BASELINE, line, 0).values
    sources = [name for name in ("seed", "store", "origin") if name in values]
    if len(sources) != 1:
        raise Faulty(
            Fault(
                "missing-source" if not sources else "two-sources",
                f"baseline {declaration.name.text} comes from {'nowhere' if not sources else 'two places'}",
                declaration.name.span,
                label="one source is due",
                help='`run seed 1`, `store "name"`, `keras "file.keras"` or `savedmodel "folder"`',
            )
        )
    return lambda: Baseline(
        seed=values.get("seed"),
        store=values.get("store"),
        origin=values.get("origin"),
        version=values.get("version"),
        may_be_missing=bool(values.get("may_be_missing")),
    )


def _server(declaration: Declaration, names: Names) -> Make:
    line = _line(declaration, names)
    _needs_items(declaration, line, f"server {declaration.name.text} = local")
    values = server_values(line)
    return lambda: server_of(declaration.name.text, values)


def _pipeline(declaration: Declaration, names: Names) -> Make:
    stages = stages_of(declaration, names)
    # A server may stand below: what it is, is asked for only when somebody needs the pipeline.
    return lambda: pipeline_of(declaration.name.text, stages, names)


def _profile(declaration: Declaration, names: Names) -> Make:
    values = match_clauses(PROFILE, _line(declaration, names), 0).values
    changes: dict[str, Any] = {key: values[key] for key in ("seed", "examples") if key in values}
    if "confidence" in values:
        changes["confidence"] = float(parse_amount(values["confidence"]["text"]).base)
    if "tags" in values:
        changes["tags"] = tuple(values["tags"])
    return lambda: replace(Profile(name=declaration.name.text), **changes)


def _attest(declaration: Declaration, names: Names) -> Make:
    found = attested(declaration.name, _line(declaration, names))
    return lambda: found


READ: Mapping[str, Callable[[Declaration, Names], Make | None]] = {
    "model": _model,
    "data": _data,
    "baseline": _baseline,
    "server": _server,
    "pipeline": _pipeline,
    "profile": _profile,
    "attest": _attest,
}
