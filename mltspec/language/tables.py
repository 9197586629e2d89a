"""The grammar as plain data: terminals and the LALR table, made by Lark, read without it.

Building the grammar takes Lark more than a tenth of a second, and importing Lark takes as long again:
too much for every ``mltspec lint``. So the tables are written once to ``tables.json`` and are used while
they match the grammar's text; when they do not, they are built afresh. They hold no object of Lark's, so
no release of Lark can make them unreadable.

    python -m mltspec.language.tables      # writes tables.json anew
"""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

STORED = Path(__file__).with_name("tables.json")

END = "$END"
BLANK = "WHITESPACE"


@dataclass(frozen=True)
class Rule:
    """A reduction: the name of the function that builds the node, how many values it takes."""

    name: str
    size: int
    origin: str


@dataclass(frozen=True)
class Tables:
    """What a lexer and a parser need.

    ``terminals`` matches any terminal, ``solid`` any that is not blank together with the blank before it.
    ``actions[state][terminal]`` is the next state, or ``-1 - rule`` for a reduction; ``gotos`` are the next
    states after a reduction. State 0 is the start; a ``spec`` that has been reduced ends the parse.
    """

    terminals: re.Pattern[str]
    solid: re.Pattern[str]
    keywords: dict[str, str]
    ignored: frozenset[str]
    rules: tuple[Rule, ...]
    actions: tuple[dict[str, int], ...]
    gotos: tuple[dict[str, int], ...]

    @cached_property
    def settled(self) -> tuple[int | None, ...]:
        """The reduction that each state calls for whatever comes next, if there is one.

        Taking it also before a token that will not fit lets a mistake be seen where it matters: after the
        name of a declaration rather than somewhere inside a name.
        """
        return tuple(_only_reduction(actions) for actions in self.actions)

    @cached_property
    def appended(self) -> tuple[dict[str, str], ...]:
        """What each state makes of tokens that lengthen the sequence it has read and leave it where it is.

        Most tokens are items of a phrase. Each is shifted, reduced to a node and added to the items before it, after
        which the parser stands where it stood, whatever lies below: so all of that can be done in one step.
        """
        return tuple(self._appended(state) for state in range(len(self.actions)))

    def _appended(self, state: int) -> dict[str, str]:
        found: dict[str, str] = {}
        for kind, action in self.actions[state].items():
            rule, names = self._sure(action), []
            while rule is not None and rule.size == 1:
                names += [rule.name] if rule.name else []
                rule = self._sure(self.gotos[state].get(rule.origin, -1))
            if rule is not None and rule.name == "another" and len(names) == 1:
                found[kind] = names[0]
        return found

    def _sure(self, state: int) -> Rule | None:
        settled = self.settled[state] if state >= 0 else None
        return None if settled is None else self.rules[-1 - settled]


def grammar_path() -> Path:
    """Find the grammar: beside this file in an installed package, under ``grammar/`` in a checkout."""
    installed = Path(__file__).with_name("mltspec.lark")
    return installed if installed.exists() else Path(__file__).parents[2] / "grammar" / "mltspec.lark"


@cache
def load() -> Tables:
    """Return the tables of the current grammar, from ``tables.json`` if that is up to date."""
    grammar = grammar_path().read_text(encoding="utf-8")
    try:
        data = json.loads(STORED.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        data = {}
    return _tables(data if data.get("grammar") == digest(grammar) else build(grammar))


def digest(grammar: str) -> int:
    """A checksum that tells whether stored tables belong to a grammar; it guards against age, not malice."""
    return zlib.crc32(grammar.replace("\r\n", "\n").encode())


def build(grammar: str, *, strict: bool = False) -> dict[str, Any]:
    """Let Lark compute the tables; the result is JSON and the same on every run.

    ``strict`` refuses every conflict that Lark would settle in silence; it needs ``interegular``.
    """
    from lark import Lark
    from lark.grammar import Rule as LarkRule
    from lark.lexer import TerminalDef

    lark = Lark(grammar, parser="lalr", lexer="basic", start=["start", "sink"], strict=strict)
    data, memo = lark.memo_serialize([TerminalDef, LarkRule])
    table = data["parser"]["parser"]
    rules: list[list[Any]] = []
    states = _renumber(table, memo, rules)
    by_precedence = sorted(
        lark.terminals,
        key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name),
    )
    words = {t.pattern.value: t.name for t in by_precedence if re.fullmatch(r"[a-z]+", t.pattern.value)}
    return {
        "grammar": digest(grammar),
        "terminals": [[t.name, t.pattern.to_regexp()] for t in by_precedence if t.name not in words.values()],
        "keywords": dict(sorted(words.items())),
        "ignored": sorted(data["parser"]["lexer_conf"]["ignore"]),
        "rules": rules,
        "states": states,
    }


def _renumber(
    table: dict[str, Any], memo: dict[int, dict[str, Any]], rules: list[list[Any]]
) -> list[list[dict[str, int]]]:
    """Number states and rules in the order in which they are reached.

    Lark's own numbers differ from run to run, which would make the stored file change for no reason.
    """
    order = [table["start_states"]["start"]]
    number = {order[0]: 0}
    rule_number: dict[int, int] = {}
    states: list[list[dict[str, int]]] = []
    for state in order:
        actions: dict[str, int] = {}
        gotos: dict[str, int] = {}
        moves = {table["tokens"][key]: move for key, move in table["states"][state].items()}
        for symbol in sorted(moves):
            reduces, target = moves[symbol]
            if reduces:
                rule = target["@"]
                if rule not in rule_number:
                    rule_number[rule] = len(rules)
                    rules.append(_rule(memo[rule]))
                actions[symbol] = -1 - rule_number[rule]
                continue
            if target not in number:
                number[target] = len(order)
                order.append(target)
            (actions if symbol.isupper() else gotos)[symbol] = number[target]
        states.append([actions, gotos])
    return states


def _rule(rule: dict[str, Any]) -> list[Any]:
    origin = rule["origin"]["name"]
    inlined = rule["options"]["expand1"] and not rule["alias"]
    return ["" if inlined else rule["alias"] or origin, len(rule["expansion"]), origin]


def _tables(data: dict[str, Any]) -> Tables:
    # Nothing else begins as a word or a blank does, so they may be tried first: they are what most of a spec is.
    terminals = sorted(data["terminals"], key=lambda terminal: terminal[0] not in ("WORD", BLANK))
    solid = [terminal for terminal in terminals if terminal[0] != BLANK]
    return Tables(
        terminals=re.compile(_any_of(terminals)),
        solid=re.compile(f"(?>{dict(terminals)[BLANK]})?+(?:{_any_of(solid)}|\\Z)"),
        keywords=data["keywords"],
        ignored=frozenset(data["ignored"]),
        rules=tuple(Rule(*rule) for rule in data["rules"]),
        actions=tuple(actions for actions, _ in data["states"]),
        gotos=tuple(gotos for _, gotos in data["states"]),
    )


def _any_of(terminals: list[list[str]]) -> str:
    return "|".join(f"(?P<{name}>{pattern})" for name, pattern in terminals)


def _only_reduction(actions: dict[str, int]) -> int | None:
    choices = set(actions.values())
    only = choices.pop() if len(choices) == 1 else 0
    return only if only < 0 else None


def as_json(data: dict[str, Any]) -> str:
    """Lay the tables out with one state a line, so that a change of the grammar has a readable diff."""
    parts = []
    for key, value in data.items():
        if isinstance(value, list) and key != "ignored":
            lines = ",\n".join(json.dumps(entry, separators=(",", ":")) for entry in value)
            parts.append(f'"{key}": [\n{lines}\n]')
        else:
            parts.append(f'"{key}": {json.dumps(value, separators=(",", ":"))}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    """Write ``tables.json`` from the grammar."""
    grammar = grammar_path().read_text(encoding="utf-8")
    STORED.write_text(as_json(build(grammar)), encoding="utf-8")


if __name__ == "__main__":
    main()
