"""A small reader of TextMate grammars: enough of the format for ours, so that it can be tested without an editor."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

Scoped = tuple[int, int, str]
"""Start, end and the innermost scope of a stretch of text; an empty scope where nothing colours it."""


class TextMate:
    """Cuts a text into stretches by a grammar, line by line, the first rule that begins leftmost taken."""

    def __init__(self, file: Path) -> None:
        self.grammar = json.loads(file.read_text(encoding="utf-8"))

    def scopes(self, text: str) -> list[Scoped]:
        """Return the scopes of a text, without the stretches that have none."""
        stack: list[dict[str, Any]] = [self.grammar]
        found: list[Scoped] = []
        offset = 0
        for line in text.splitlines(keepends=True):
            found += [(offset + start, offset + end, scope) for start, end, scope in self._line(line, stack) if scope]
            offset += len(line)
        return found

    def _line(self, line: str, stack: list[dict[str, Any]]) -> Iterator[Scoped]:
        at = 0
        while at < len(line):
            best = self._leftmost(line, at, stack)
            if best is None:
                return
            match, rule, ends = best
            if ends:
                yield from self._captured(match, rule.get("endCaptures", {}), "")
                stack.pop()
            elif "begin" in rule:
                yield from self._captured(match, rule.get("beginCaptures", {}), "")
                stack.append(rule)
            else:
                yield from self._captured(match, rule.get("captures", {}), rule.get("name", ""))
            assert match.end() > at or ends, f"a rule takes nothing: {rule}"
            at = match.end()

    def _leftmost(
        self, line: str, at: int, stack: list[dict[str, Any]]
    ) -> tuple[re.Match[str], dict[str, Any], bool] | None:
        top = stack[-1]
        best = None
        if "end" in top and (match := _compiled(top["end"]).search(line, at)):
            best = (match, top, True)
        for rule in self._rules(top["patterns"]):
            match = _compiled(rule.get("match") or rule["begin"]).search(line, at)
            if match and (best is None or match.start() < best[0].start()):
                best = (match, rule, False)
        return best

    def _rules(self, patterns: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        for rule in patterns:
            if "include" in rule:
                target = self.grammar["repository"][rule["include"].removeprefix("#")]
                yield from self._rules(target.get("patterns", [target]))
            else:
                yield rule

    def _captured(self, match: re.Match[str], captures: dict[str, dict[str, Any]], name: str) -> Iterator[Scoped]:
        scopes = [name] * (match.end() - match.start())
        groups = sorted(captures.items(), key=lambda each: int(each[0]))
        for group, capture in groups:  # an inner group has a higher number than the one around it
            start, end = match.span(int(group))
            if "name" in capture and start >= 0:
                scopes[start - match.start() : end - match.start()] = [capture["name"]] * (end - start)
        at = match.start()
        for scope, same in groupby(scopes):
            length = len(list(same))
            yield at, at + length, scope
            at += length


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
