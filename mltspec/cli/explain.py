"""`mltspec explain`: what a check claims, or what a finding of lint means."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from inspect import cleandoc

import click

from mltspec.checks.check import AnyCheck, Clause
from mltspec.checks.registry import all_checks
from mltspec.language.suggest import closest
from mltspec.lint.catalogue import Page, pages
from mltspec.lint.registry import GROUPS

TESTS = {
    1: "reproducibility of training",
    2: "model specification code",
    3: "the full pipeline",
    4: "model quality",
    5: "a single example or batch, inside",
    6: "canary before serving",
    7: "rollback",
}
"""The infrastructure tests of the ML Test Score (Breck et al., 2016) by number."""

_SLOT = re.compile(r"\{\w+:([^}]+)\}")


@click.command(
    epilog="\b\nExamples:\n  mltspec explain\n  mltspec explain one batch overfits\n  mltspec explain unknown-name\n"
)
@click.argument("words", nargs=-1, metavar="[NAME | PHRASE]")
def command(words: tuple[str, ...]) -> None:
    """Explain a check (by its name or its phrase) or a finding of lint; without a name, list all."""
    if not words:
        found = overview()
    else:
        wanted = " ".join(" ".join(words).split())
        found = explanation(wanted)
    for line in found:
        print(line)


def overview() -> Iterator[str]:
    """Return the name of everything that can be explained."""
    room = max(len(check.name) for check in all_checks())
    yield "checks"
    for check in all_checks():
        yield f"  {check.name:<{room}}  {check.summary}"
    for group, about in GROUPS.items():
        yield ""
        yield f"findings of lint, {group}: {about}"
        yield from (f"  {name:<{room}}  {page.what}" for name, page in pages().items() if page.group == group)


def explanation(wanted: str) -> Iterator[str]:
    """Return the page on a name or a phrase.

    Raises:
        click.UsageError: nothing is called so.
    """
    entries = pages()
    for check in all_checks():
        if wanted.lower() in (check.name, written(check.phrase).lower()):
            return _of_check(check)
    name = wanted.lower().strip("[]")
    if name in entries:
        return _of_page(entries[name])
    plain = wanted.lower().removeprefix("expect ")
    begun = [
        check for check in all_checks() if plain and (check.phrase.startswith(plain) or plain.startswith(check.phrase))
    ]
    if len(begun) == 1:
        return _of_check(begun[0])
    raise click.UsageError(_unknown(wanted, entries, begun))


def _unknown(wanted: str, entries: Mapping[str, Page], begun: Sequence[AnyCheck]) -> str:
    names = [check.name for check in all_checks()] + [check.phrase for check in all_checks()]
    near = [check.phrase for check in begun] or closest(wanted, [*names, *entries])
    hint = f"did you mean {' or '.join(f'`{each}`' for each in near)}?" if near else "`mltspec explain` lists all names"
    return f"there is no check and no finding called `{wanted}`; {hint}"


def written(form: str) -> str:
    """Return a form as a reader fills it in: ``within <steps>``."""
    return _SLOT.sub(lambda slot: f"<{slot[1].replace('|', ' or ')}>", form)


def _of_check(check: AnyCheck) -> Iterator[str]:
    yield f"{check.name}: infrastructure test {check.test}, {TESTS[check.test]}"
    yield ""
    yield from cleandoc(sys.modules[check.examples.__module__].__doc__ or check.summary).splitlines()
    yield ""
    yield "phrase"
    yield f"  expect {written(check.phrase)} …"
    if check.in_batch:
        yield "  stands under `for any batch` only"
    yield from _clauses("clauses, in any order", check.clauses)
    yield from _clauses("lines of its block", check.block)
    for example in check.examples():
        yield ""
        yield f"{example.verdict}: {example.line}"
        yield f"  {example.says}"


def _clauses(title: str, clauses: Sequence[Clause]) -> Iterator[str]:
    if clauses:
        yield ""
        yield title
    for clause in clauses:
        need = "  (required)" if clause.required else f"  (default: {clause.default})" if clause.default else ""
        yield f"  {written(clause.form)}{need}"
        yield f"      {clause.help}"


def _of_page(page: Page) -> Iterator[str]:
    yield f"{page.name}: {page.what}"
    yield ""
    yield from page.why.splitlines()
    yield ""
    yield _standing(page)
    for title, example in (("wrong", page.bad), ("right", page.good)):
        yield ""
        yield title
        yield from (f"  {line}".rstrip() for line in example.splitlines())


def _standing(page: Page) -> str:
    severity = {"error": "an error", "warning": "a warning", "info": "a remark"}[page.severity]
    if page.group == "language" and page.severity == "error":
        return f"{severity} of the language: a spec with it is not run, and it can be neither ignored nor waived"
    if page.group == "waivers":
        return f"{severity} of the group `waivers`: it can be ignored, not waived"
    return f"{severity} of the group `{page.group}`: `# mlt: allow {page.name} until 2027-01-31 -- reason` accepts it"
