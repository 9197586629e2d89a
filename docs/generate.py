"""Write the reference pages from the code: language, checks, rules, command line, report, configuration.

python docs/generate.py      # writes docs/reference/*.md, which git ignores
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from sys import modules
from typing import Any

import click

from mltspec.checks.check import AnyCheck
from mltspec.checks.clause import Clause
from mltspec.checks.registry import all_checks
from mltspec.cli.explain import TESTS, written
from mltspec.cli.main import VERBS, mltspec
from mltspec.compile.attesting import ATTEST
from mltspec.compile.declarations import BASELINE, DATA, MODEL, PROFILE
from mltspec.compile.expectations import MARKS
from mltspec.compile.match import Clauses
from mltspec.language.parts import JOINING, KINDS, RESERVED, STATEMENTS
from mltspec.language.quantity import UNITS
from mltspec.lint import settings
from mltspec.lint.catalogue import Page, pages
from mltspec.lint.registry import GROUPS
from mltspec.report.json_report import schema

HERE = Path(__file__).parent
OUT = HERE / "reference"
GRAMMAR = HERE.parent / "grammar" / "mltspec.lark"
FENCE = "```"
PYTHON = re.compile(r" +(def|import|from) ")


def main() -> None:
    """Write every page, and remove those that nothing writes any more."""
    OUT.mkdir(exist_ok=True)
    kept = set()
    for name, page in pages_of_reference().items():
        file = OUT / f"{name}.md"
        text = "\n".join(page) + "\n"
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
        kept.add(file)
    for file in set(OUT.glob("*.md")) - kept:
        file.unlink()


def pages_of_reference() -> Mapping[str, Iterable[str]]:
    """Return the lines of every page by its name."""
    return {
        "language": language(),
        "checks": checks(),
        "rules": rules(),
        "cli": command_line(),
        "report": report(),
        "configuration": configuration(),
    }


# ------------------------------------------------------------------ language


def language() -> Iterator[str]:
    """The language: statements, declarations, marks, units, and the grammar itself."""
    yield from ("# The language", "")
    yield (
        "A spec is a sequence of statements, one a line; braces hold blocks. The grammar knows shapes alone: which "
        "words an expectation may have is said by the [checks](checks.md)."
    )
    yield from ("", "## Statements", "")
    yield from ("| begins with | is |", "|---|---|")
    for word in (*STATEMENTS, *KINDS):
        yield f"| `{word}` | {STATEMENT[word]} |"
    yield ""
    yield f"Reserved everywhere: {_coded(RESERVED)}. Joining words, free as names: {_coded(JOINING[1:])}."
    for kind, clauses in (
        ("model", MODEL),
        ("data", DATA),
        ("baseline", BASELINE),
        ("profile", PROFILE),
        ("attest", ATTEST),
    ):
        yield from ("", f"## Lines of a `{kind}`", "")
        yield from _clause_table(_all(clauses))
    yield from ("", "A [server](../serving.md) has clauses of its own.")
    yield from ("", "## Marks", "", "They follow an expectation, or the title of a suite for all that it holds.", "")
    yield from _clause_table(MARKS)
    yield from (
        "",
        "## Units",
        "",
        "Every number has a dimension. A bare number stands only where a plain number is due.",
    )
    yield from ("", "| dimension | units |", "|---|---|")
    for dimension, units in _units().items():
        yield f"| {dimension} | {_coded(units)} |"
    yield from ("", "## Grammar", "", "This is the grammar that the parser's tables are made from.", "")
    yield from (f"{FENCE}text", GRAMMAR.read_text(encoding="utf-8").rstrip(), FENCE)


STATEMENT = {
    "edition": "the edition of the language that the file is written in; stands first",
    "use": 'another spec: what it declares, and its suites that name no model (`use "std/training"`)',
    "let": "a name for one value, in its block",
    "suite": "expectations with a title, a model, data and marks in common",
    "expect": "one claim",
    "for": "`for each x in [a, b]` repeats claims; `for any batch` searches for a batch that breaks one",
    "model": "what is tested: how to build, train and export it",
    "data": "rows: a Python callable, or a file",
    "baseline": "another model to compare with",
    "server": "a serving system",
    "pipeline": "stages from raw sources to a served answer",
    "profile": "seeds, budgets and tags of a run",
    "attest": "what a person did by hand, and where the record lies",
}


def _all(clauses: Clauses) -> Sequence[Clause]:
    return clauses.all


def _units() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, unit in UNITS.items():
        found.setdefault(str(unit.dimension), []).append(name)
    return found


# ------------------------------------------------------------------ checks


def checks() -> Iterator[str]:
    """Every check, in the order of the seven tests."""
    yield from ("# Checks", "", "Every kind of expectation, by the infrastructure test that it serves.")
    yield "Each example is run by the project's own tests: the line, on evidence of that kind, gives that verdict."
    for test, title in TESTS.items():
        yield from ("", f"## {test}. {title[0].upper()}{title[1:]}")
        for check in all_checks():
            if check.test == test:
                yield from _check(check)


def _check(check: AnyCheck) -> Iterator[str]:
    yield from ("", f"### {check.name}", "")
    yield from _prose(modules[check.judge.__module__].__doc__ or check.summary)
    yield from ("", f"**Phrase:** `expect {written(check.phrase)} …`")
    if check.in_batch:
        yield from ("", "Stands under `for any batch` only.")
    for title, clauses in (("Clauses", check.clauses), ("Lines of its block", check.block)):
        if clauses:
            yield from ("", f"**{title}:**", "", *_clause_table(clauses))
    examples = check.examples()
    if examples:
        yield from ("", "**Examples:**", "", "| line | verdict | says |", "|---|---|---|")
        for example in examples:
            line = _cell(" ".join(example.line.split()))
            yield f"| `{line}` | {example.verdict} | {_escaped(_cell(example.says))} |"


def _clause_table(clauses: Iterable[Clause]) -> Iterator[str]:
    yield from ("| clause | means | default |", "|---|---|---|")
    for clause in clauses:
        need = "required" if clause.required else f"`{_cell(clause.default)}`" if clause.default else ""
        yield f"| `{_cell(written(clause.form))}` | {_escaped(_cell(clause.help))} | {need} |"


def _prose(doc: str) -> Iterator[str]:
    """Turn a docstring's indented lines of spec into fences."""
    fenced = False
    for line in cleandoc(doc).splitlines():
        code = line.startswith("    ")
        if code and not fenced:
            yield f"{FENCE}{'python' if PYTHON.match(line) else 'mlt'}"
        if not code and line and fenced:
            yield from (FENCE, "")
        fenced = code or (fenced and not line)
        yield line.removeprefix("    ") if code else _escaped(line)
    if fenced:
        yield FENCE


# ------------------------------------------------------------------ rules


def rules() -> Iterator[str]:
    """Every finding, by its group."""
    yield from ("# Findings of lint", "")
    yield "What `mltspec lint` may find, by group. [Linting](../linting.md) says how to choose, waive and fix them."
    for group, about in GROUPS.items():
        yield from ("", f"## Group `{group}`", "", f"{about[0].upper()}{about[1:]}.")
        for page in pages().values():
            if page.group == group:
                yield from _rule(page)


def _rule(page: Page) -> Iterator[str]:
    yield from ("", f"### {page.name}", "", f"*{page.severity}*: {_escaped(page.what)}", "")
    yield from map(_escaped, page.why.splitlines())
    for title, example, kind in (("Wrong:", page.bad, "text"), ("Right:", page.good, "mlt")):
        yield from ("", title, "", f"{FENCE}{kind}", *example.splitlines(), FENCE)


# ------------------------------------------------------------------ command line


def command_line() -> Iterator[str]:
    """Every verb with its options, as `--help` says it."""
    yield from ("# The command line", "")
    yield "Every verb takes `--help`; this page is what it says."
    context = click.Context(mltspec, info_name="mltspec", max_content_width=100)
    yield from ("", f"{FENCE}text", mltspec.get_help(context), FENCE)
    for name, (module, _) in VERBS.items():
        command = import_module(module).command
        yield from ("", f"## mltspec {name}", "")
        yield from _help(command, context, name)


def _help(command: click.Command, parent: click.Context, name: str) -> Iterator[str]:
    context = click.Context(command, parent=parent, info_name=name, max_content_width=100)
    yield from (f"{FENCE}text", command.get_help(context).rstrip(), FENCE)
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from ("", f"### mltspec {name} {inner}", "")
                yield from _help(found, context, inner)


# ------------------------------------------------------------------ report


def report() -> Iterator[str]:
    """The JSON report: every record with its fields, from the published schema."""
    found = schema()
    yield from ("# The JSON report", "")
    yield "What `mltspec run --json FILE` writes. Its schema is shipped as `mltspec/report/schema/run.schema.json`."
    yield "Fields are only ever added. Numbers that are not finite are the strings `NaN`, `Infinity` and `-Infinity`."
    for name, record in [("RunReport", found), *sorted(found["$defs"].items())]:
        yield from ("", f"## {name}", "", *_described(record.get("description", "")))
        if "enum" in record:
            yield f"One of {_coded(record['enum'])}."
        if "properties" in record:
            yield from ("", "| field | type | |", "|---|---|---|")
            for field, about in record["properties"].items():
                need = "" if field in record.get("required", ()) else "optional"
                yield f"| `{field}` | {_cell(_type(about))} | {need} |"


def _described(text: str) -> Iterator[str]:
    for line in cleandoc(text).splitlines():
        yield _escaped(line.replace("``", "`"))


def _type(about: Mapping[str, Any]) -> str:
    if "$ref" in about:
        name = about["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in about:
        return " or ".join(dict.fromkeys(map(_type, about["anyOf"])))
    if "enum" in about:
        return " or ".join(f"`{value}`" for value in about["enum"])
    if "const" in about:
        return f"`{about['const']}`"
    if about.get("type") == "array":
        items = about.get("items") or {"type": "value"}
        return f"list of {_type(items)}"
    return str(about.get("type", "any"))


# ------------------------------------------------------------------ configuration


def configuration() -> Iterator[str]:
    """Settings of lint, profiles, environment variables."""
    yield from ("# Configuration", "")
    yield "A run is set by the spec and the command line alone, so that it can be repeated from what its report says."
    yield "What a team decides once stands in a `profile` of the spec; what concerns findings, in a settings file."
    yield from ("", "## Profiles", "", f"{FENCE}mlt")
    yield from (
        "profile release {",
        "  seed 11",
        "  examples 500",
        "  confidence 99%",
        "  runs tags [release]",
        "}",
        FENCE,
    )
    yield from ("", "`mltspec run --profile release` runs under it.", "")
    yield from _clause_table(PROFILE.all)
    yield from ("", "## Settings of lint", "")
    yield from _settings(cleandoc(settings.__doc__ or ""))
    yield from ("", f"Keys: {_coded(settings.KEYS)}.")
    yield from ("", "## Files and folders", "", "| path | holds |", "|---|---|", *map(_row, FOLDERS))


FOLDERS = (
    (
        "`.mltspec/`",
        "the store: evidence of earlier runs, counterexamples, records of drills; may be deleted at any time",
    ),
    ("`baselines/`", "versions that `mltspec baseline save` has kept, beside the spec; commit it"),
    ("`mltspec.toml`", "settings of lint; or `[tool.mltspec]` in `pyproject.toml`"),
)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _settings(doc: str) -> Iterator[str]:
    first, _, rest = doc.partition("\n\n")
    code, _, after = rest.partition("\n\nThe nearest")
    yield from (first, "", f"{FENCE}toml", *(line.removeprefix("    ") for line in code.splitlines()), FENCE, "")
    yield f"The nearest{after}".replace("\n", " ")


# ------------------------------------------------------------------ text


def _coded(words: Iterable[object]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _escaped(text: str) -> str:
    """Keep what looks like markup outside of code from being read as such."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"([<*_\[\]{}$])", r"\\\1", part) for part in parts)


if __name__ == "__main__":
    main()
