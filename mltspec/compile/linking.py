"""A spec with those that it uses: what all of them declare together, and the suites that come along."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mltspec.compile.declarations import collect, trains_on
from mltspec.compile.files import Loaded, Used
from mltspec.compile.names import Names
from mltspec.language.diagnostic import Diagnostic
from mltspec.language.tree import Declaration, Edition, Let, Statement, Suite, Use


@dataclass(frozen=True)
class Linked:
    """What stands around a spec's suites; ``packs`` are used specs with suites that are run for this one."""

    loaded: Loaded
    names: Names
    packs: tuple[Used, ...]
    model_data: dict[str, str]
    diagnostics: tuple[Diagnostic, ...]


def link(loaded: Loaded) -> Linked:
    """Bring together what a spec and those that it uses declare."""
    diagnostics = list(loaded.diagnostics)
    names, packs = _borrow(loaded, diagnostics)
    names, findings = collect(loaded.spec.source, loaded.spec.statements, names)
    return Linked(loaded, names, tuple(packs), _model_data(loaded, names), (*diagnostics, *findings))


def is_generic(statement: Statement) -> bool:
    """A suite that names no model and no data is a pack's: it is run for whoever uses it."""
    if not isinstance(statement, Suite):
        return False
    return not {"for", "on"} & {getattr(item, "text", "") for item in statement.items}


def is_pack(linked: Linked) -> bool:
    """Whether a spec is nothing but suites for others to use: it declares no subject, and each suite names none."""
    statements = linked.loaded.spec.statements
    suites = [each for each in statements if isinstance(each, Suite)]
    others = [each for each in statements if not isinstance(each, Suite | Edition | Let | Use)]
    return bool(suites) and not others and all(map(is_generic, suites)) and not linked.names.of("model")


def statements_of(loaded: Loaded) -> list[Statement]:
    """Return a spec's statements and, first, those of the specs it uses without their own suites' subjects."""
    theirs = [statement for used in loaded.used for statement in statements_of(used.loaded)]
    return [*theirs, *loaded.spec.statements]


def _borrow(loaded: Loaded, diagnostics: list[Diagnostic]) -> tuple[Names, list[Used]]:
    """Collect what used specs declare, under their alias; their suites that name no model come along."""
    names, borrowed = Names(), list[Used]()
    for used in loaded.used:
        other = used.loaded
        diagnostics += other.diagnostics
        inner, more = _borrow(other, diagnostics)
        theirs, findings = collect(other.spec.source, other.spec.statements, inner)
        diagnostics += findings
        prefix = f"{used.alias}." if used.alias else ""
        names = Names(
            {**names.declared, **{prefix + name: found for name, found in theirs.declared.items()}},
            {**names.lets, **{prefix + name: items for name, items in theirs.lets.items()}},
        )
        borrowed += [*(replace(each, place=used.place) for each in more), used]
    return names, borrowed


def _model_data(loaded: Loaded, names: Names) -> dict[str, str]:
    """Say what each model is trained on: as it declares, else the one data set its suites name."""
    models = list(names.of("model"))
    found: dict[str, str] = {}
    for statement in statements_of(loaded):
        if isinstance(statement, Declaration) and statement.keyword == "model":
            declared = trains_on(statement, names)
            if declared:
                found[statement.name.text] = declared
    named: dict[str, set[str]] = {}
    for statement in loaded.spec.statements:
        if isinstance(statement, Suite):
            words = [getattr(item, "text", "") for item in statement.items]
            model = words[words.index("for") + 1] if "for" in words[:-1] else (models[0] if len(models) == 1 else "")
            if "on" in words[:-1]:
                named.setdefault(model, set()).add(words[words.index("on") + 1])
    return {model: next(iter(data)) for model, data in named.items() if len(data) == 1} | found
