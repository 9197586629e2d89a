"""Declarations of pipelines: their stages, what each runs, and what it reads."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mltspec.checks.clause import Clause
from mltspec.compile.fault import Fault, Faulty, twice
from mltspec.compile.match import Clauses, Line, match_clauses, match_form
from mltspec.compile.names import Names
from mltspec.language.source import Span
from mltspec.language.suggest import closest
from mltspec.language.tree import Declaration, Item, Word

if TYPE_CHECKING:
    from mltspec.plan.subject import Pipeline

HEAD = Clause("stage {name:name}", "one step of the pipeline, with a folder of its own to write into")
STAGE = Clauses(
    (
        Clause(
            "python {python:callable}", "a callable that takes `input` (or a stage's name), `output`, `rows`, `seed`"
        ),
        Clause(
            "command {command:text}", "a program: `python -m job --from {input} --to {output}`, also `{rows}`, `{seed}`"
        ),
        Clause("on {server:server}", "serves what was exported on a server, and asks it"),
        Clause("from {inputs:names}", "the stages that it reads; the one above by default"),
    )
)
WAYS = ("python", "command", "server")
PLACES = ("output", "rows", "seed")
EXAMPLE = 'pipeline {name} {{ stage source python "module:source" }}'


def stage_names(declaration: Declaration) -> tuple[str, ...]:
    """Return the names of the stages that a declaration holds, whatever else is wrong with it."""
    rows = [row.items for row in declaration.lines or ()]
    return tuple(
        row[1].text
        for row in rows
        if len(row) > 1 and isinstance(row[0], Word) and row[0].text == "stage" and isinstance(row[1], Word)
    )


def stages_of(declaration: Declaration, names: Names) -> list[dict[str, Any]]:
    """Read every stage, in order.

    Raises:
        Faulty: there is none, one is written wrongly, or it reads a stage that does not stand above it.
    """
    if not declaration.lines or declaration.items:
        name = declaration.name
        raise Faulty(
            Fault(
                "missing-source",
                f"pipeline {name.text} has no stages",
                name.span,
                label="no stage follows in braces",
                help=f"for example `{EXAMPLE.format(name=name.text)}`",
            )
        )
    found: list[dict[str, Any]] = []
    places: dict[str, Span] = {}
    for row in declaration.lines:
        line = Line(row.items, names, f"pipeline {declaration.name.text}", declaration.name.span)
        stage = _stage(line, found)
        place = row.items[1].span
        if stage["name"] in places:
            raise Faulty(twice("declared-twice", stage["name"], place, places[stage["name"]]))
        places[stage["name"]] = place
        found.append(stage)
    return found


def pipeline_of(name: str, stages: Sequence[Mapping[str, Any]], names: Names) -> Pipeline:
    """Return the record."""
    from mltspec.plan.subject import Pipeline, Stage  # records of pydantic, which linting does without

    servers = {each["name"]: names.declared[each["server"]].subject for each in stages if each["server"]}
    made = [Stage.model_validate({**each, "server": servers.get(each["name"])}) for each in stages]
    return Pipeline(name=name, stages=tuple(made))


def _stage(line: Line, above: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    head = match_form(HEAD.form, line, 0)
    name = str(head.values["name"])
    here = Line(line.items, line.names, f"stage {name}", line.items[0].span.to(line.items[1].span))
    values = match_clauses(STAGE, here, head.end).values
    ways = [way for way in WAYS if way in values]
    if len(ways) != 1:
        raise Faulty(_no_way(name, ways, here))
    written = [each["name"] for each in above if each["server"] is None]
    inputs = values.get("inputs", written[-1:])
    _refuse_inputs(inputs, written, line)
    command = _words(values["command"], inputs, _after("command", line.items)) if "command" in values else ()
    return {
        "name": name,
        "python": values.get("python"),
        "command": command,
        "server": values.get("server"),
        "inputs": tuple(inputs),
    }


def _no_way(name: str, ways: Sequence[str], line: Line) -> Fault:
    return Fault(
        "two-sources" if ways else "missing-source",
        f"stage {name} is {'two things at once' if ways else 'nothing that could be run'}",
        line.phrase_span,
        label="one of them is due" if ways else "what does it run?",
        help=f'`stage {name} python "module:callable"`, `command "…"`, or `on SERVER`',
    )


def _refuse_inputs(inputs: Sequence[str], above: Sequence[str], line: Line) -> None:
    for name in inputs:
        if name not in above:
            word = next(item for item in line.items if isinstance(item, Word) and item.text == name)
            near = closest(name, above)
            way_out = f"did you mean `{near[0]}`?" if near else "a stage reads what stages above it have written"
            message = f"no stage above is called `{name}`"
            raise Faulty(
                Fault(
                    "unknown-name",
                    message,
                    word.span,
                    label="no such stage",
                    help=way_out,
                    replacements=tuple(near[:1]),
                )
            )


def _words(text: str, inputs: Sequence[str], place: Span) -> tuple[str, ...]:
    """Split a command into its words, and refuse places in it that stand for nothing."""
    known = [*(["input"] if len(inputs) == 1 else []), *inputs, *PLACES]
    try:
        words = tuple(shlex.split(text))
    except ValueError as problem:
        raise _malformed(f"the command cannot be read: {problem}", place) from problem
    wrong = [each for word in words for each in re.findall(r"\{(\w+)\}", word) if each not in known]
    if wrong:
        shown = ", ".join(f"`{{{each}}}`" for each in known)
        raise _malformed(f"`{{{wrong[0]}}}` stands for nothing; there are {shown}", place)
    if not any("{output}" in word for word in words):
        raise _malformed("the command is not told where to write: `{output}` is missing", place)
    return words


def _malformed(message: str, place: Span) -> Faulty:
    help_text = 'for example `"python -m features --from {input} --to {output}"`'
    return Faulty(Fault("malformed-command", message, place, label="a command is due", help=help_text))


def _after(word: str, items: Sequence[Item]) -> Span:
    at = next(i for i, item in enumerate(items) if isinstance(item, Word) and item.text == word)
    return items[at + 1].span
