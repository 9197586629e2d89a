"""A diagnostic as its reader sees it: in a terminal, or as plain data for other programs."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from mltspec.language.diagnostic import Diagnostic, Edit, Label, Severity
from mltspec.language.source import Source, Span

TAB = 4
WIDEST = 160
"""How many columns of a line are shown; a longer line is cut around the mistake."""

COLORS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
FRAME = "34"


def render(diagnostic: Diagnostic, color: bool = False) -> str:
    """Lay a diagnostic out with the lines it speaks of, without a final newline.

    Control characters of the text are shown as escapes: a spec must not be able to steer a terminal.
    """
    paint = _paint if color else _plain
    source = diagnostic.source
    tone = COLORS[diagnostic.severity]
    line, column = source.position(diagnostic.primary.span.start)
    labels = sorted((diagnostic.primary, *diagnostic.related), key=lambda label: label.span.start)
    by_line: dict[int, list[Label]] = {}
    for label in labels:
        by_line.setdefault(source.position(label.span.start)[0], []).append(label)
    margin = len(str(max(by_line)))
    bar = paint(" " * margin + " |", FRAME)
    head = paint(diagnostic.severity.value, f"1;{tone}")
    out = [
        f"{head}: {printable(diagnostic.message)} [{diagnostic.name}]",
        f"{' ' * margin}{paint('-->', FRAME)} {printable(source.path)}:{line}:{column}",
        bar,
    ]
    previous = 0
    if not source.text:
        # A file that could not be read has no line to show.
        out, by_line = [out[0], f" {paint('-->', FRAME)} {printable(source.path)}"], {}
    for number in sorted(by_line):
        if previous and number > previous + 1:
            out.append(paint("...", FRAME))
        previous = number
        frame = _Frame(source, number, by_line[number], diagnostic.primary)
        out.append(f"{paint(f'{number:>{margin}} |', FRAME)} {frame.text}".rstrip())
        out += [f"{bar} {paint(row, tone if primary else FRAME)}" for row, primary in frame.marks()]
    hints = [diagnostic.help] if diagnostic.help else []
    said = diagnostic.help + diagnostic.primary.text
    hints += [fix.title for fix in diagnostic.fixes if not _is_said(fix.title, said)]
    out += [f"{' ' * margin} {paint('=', FRAME)} help: {printable(hint)}" for hint in hints]
    return "\n".join(out)


def _is_said(title: str, said: str) -> bool:
    """Whether what a fix offers stands already in the help or at the caret."""
    offered = re.search(r"`[^`]+`", title)
    return (offered[0] if offered else title) in said


class _Frame:
    """One line of a spec and the marks below it, in columns of a terminal."""

    def __init__(self, source: Source, number: int, labels: list[Label], primary: Label) -> None:
        self.primary = primary
        start = source.line_starts[number - 1]
        line = source.line(number)
        first, last = _window(line, [label.span.start - start for label in labels])
        prefix, suffix = ("…" if first else ""), ("…" if last < len(line) else "")
        self.text = prefix + shown(line[first:last]) + suffix
        indent = len(prefix)
        self.places = []
        for label in labels:
            left = min(max(label.span.start - start, first), last)
            right = min(max(label.span.end - start, left), last)
            column = indent + width(shown(line[first:left]))
            size = width(shown(line[first:right])) + indent - column
            self.places.append((column, max(1, size), label))

    def marks(self) -> list[tuple[str, bool]]:
        """The rows below the line: carets and dashes, then texts, the rightmost on the first row."""
        row = ""
        for column, size, label in self.places:
            sign = "^" if label is self.primary else "-"
            row = row.ljust(column)[:column] + sign * size
        column, _, label = self.places[-1]
        rows = [(f"{row} {printable(label.text)}".rstrip(), label is self.primary)]
        waiting = self.places[:-1]
        if waiting:
            rows.append((_pillars(waiting), False))
        while waiting:
            column, _, label = waiting.pop()
            rows.append((_pillars(waiting).ljust(column)[:column] + printable(label.text), label is self.primary))
        return rows


def _pillars(places: list[tuple[int, int, Label]]) -> str:
    row = ""
    for column, _, _ in places:
        row = row.ljust(column)[:column] + "|"
    return row


def _window(line: str, offsets: list[int]) -> tuple[int, int]:
    """The part of a line to show: all of it, unless it is too long for any terminal."""
    if len(line) <= WIDEST:
        return 0, len(line)
    first = max(0, min(offsets) - WIDEST // 4)
    return first, min(len(line), first + WIDEST)


def _paint(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m"


def _plain(text: str, _code: str) -> str:
    return text


# ------------------------------------------------------------------ text in a terminal


def shown(text: str) -> str:
    """A line as it is printed: tabs as spaces to the next stop, what cannot be printed as escapes."""
    out: list[str] = []
    column = 0
    for char in text:
        piece = " " * (TAB - column % TAB) if char == "\t" else printable(char)
        out.append(piece)
        column += width(piece)
    return "".join(out)


def printable(text: str) -> str:
    r"""Escape control characters, marks that turn the reading direction, and halves of characters (``\x1b``)."""
    if text.isprintable():
        return text
    return "".join(
        char if char == " " or char.isprintable() else char.encode("unicode_escape", "backslashreplace").decode()
        for char in text
    )


def width(text: str) -> int:
    """The columns a text takes in a terminal: wide characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


# ------------------------------------------------------------------ plain data


def as_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic as JSON data; lines and columns count from 1, columns in code points."""
    return {
        "name": diagnostic.name,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "file": diagnostic.source.path,
        **_place(diagnostic.source, diagnostic.primary.span),
        "label": diagnostic.primary.text,
        "related": [{**_place(diagnostic.source, label.span), "label": label.text} for label in diagnostic.related],
        "help": diagnostic.help,
        "fixes": [
            {
                "title": fix.title,
                "safe": fix.safe,
                "edits": [_edit(diagnostic.source, edit) for edit in fix.edits],
            }
            for fix in diagnostic.fixes
        ],
    }


def _edit(source: Source, edit: Edit) -> dict[str, Any]:
    return {**_place(source, edit.span), "text": edit.text}


def _place(source: Source, span: Span) -> dict[str, int]:
    line, column = source.position(span.start)
    end_line, end_column = source.position(span.end)
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}
