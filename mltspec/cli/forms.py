"""Forms in which findings are written, several in one run: to the terminal, or each to a file of its own."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from mltspec.language.suggest import closest
from mltspec.lint.linting import Finding

FORMS = ("text", "json", "sarif", "github", "gitlab")


@dataclass(frozen=True)
class Destination:
    """A form and the file that it is written to; None stands for the standard output."""

    form: str
    file: Path | None


def read_forms(given: Sequence[str]) -> list[Destination]:
    """Read ``FORM`` and ``FORM=FILE``; with none given for the standard output, text goes there.

    Raises:
        click.UsageError: there is no such form, two of them go to one place, or a file cannot be written.
    """
    from mltspec.report.writing import obstacle

    found: list[Destination] = []
    for each in given:
        form, equals, file = each.partition("=")
        if form not in FORMS or (equals and not file):
            near = closest(form, FORMS)
            hint = f"did you mean `{near[0]}`?" if near else f"forms: {', '.join(FORMS)}"
            raise click.UsageError(f"--format: there is no form `{each}`; {hint}")
        destination = Destination(form, Path(file) if equals else None)
        if destination.file is not None and (wrong := obstacle(destination.file)):
            raise click.UsageError(f"--format {each}: {wrong}")
        if destination.file is not None and form == "text":
            raise click.UsageError(f"--format {each}: text is for the terminal; redirect it, or take `json`")
        if any(other.file == destination.file for other in found):
            raise click.UsageError(f"--format {each}: two forms go to one place; name a file: `{form}=FILE`")
        found.append(destination)
    return found if any(each.file is None for each in found) else [Destination("text", None), *found]


def write(findings: Sequence[Finding], destination: Destination, files: int) -> None:
    """Write findings in a form that other tools read; a file is replaced whole.

    Raises:
        click.FileError: it cannot be written after all.
    """
    from mltspec.report.writing import write_whole

    text = _written(findings, destination.form, files)
    if destination.file is None:
        sys.stdout.write(text)
        return
    try:
        write_whole(destination.file, text)
    except OSError as problem:
        raise click.FileError(str(destination.file), problem.strerror) from problem


def _written(findings: Sequence[Finding], form: str, files: int) -> str:
    from mltspec.report.findings import github, gitlab, listing, sarif
    from mltspec.report.findings.finding import Kind, of_diagnostic

    plain = [of_diagnostic(each.diagnostic, each.waiver.reason if each.waiver else None) for each in findings]
    match form:
        case "json":
            return listing.to_text(plain, files)
        case "github":
            return github.to_text(plain)
        case "gitlab":
            return gitlab.to_text(plain)
    from mltspec.lint.catalogue import page

    pages = [found for name in {each.name for each in plain} if (found := page(name))]
    return sarif.to_text(plain, {p.name: Kind(p.name, p.what, p.why, p.severity, p.group) for p in pages})
