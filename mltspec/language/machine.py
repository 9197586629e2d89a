"""The parser: a stack of states moved by the grammar's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mltspec.language.build import Builder
from mltspec.language.tables import END, load
from mltspec.language.tokens import Token

SEQUENCES = ("statements", "lines")
START = "start"


class Machine:
    """Takes one token at a time and says whether it fits; what does not fit leaves it usable.

    Owning the loop, rather than calling a finished parser, is what makes recovery possible: after a
    mistake the stacks are cut back to the last place at which a statement or a line may begin.
    """

    def __init__(self, builder: Builder) -> None:
        self.tables = load()
        self.states = [0]
        self.values: list[Any] = []
        self.result: Any = None
        self._builds = builder.actions
        self._rules = [
            (builder.actions[rule.name] if rule.name else None, rule.size, rule.origin) for rule in self.tables.rules
        ]
        self._sure = [None if action is None else self._rules[-1 - action] for action in self.tables.settled]
        self._between = {gotos[name] for gotos in self.tables.gotos for name in SEQUENCES if name in gotos}

    @property
    def state(self) -> int:
        """The state on top of the stack."""
        return self.states[-1]

    def feed(self, token: Token) -> bool:
        """Shift a token after all reductions it calls for; False if it does not fit."""
        return self.feed_all((token,)) == 1

    def feed_all(self, tokens: Sequence[Token], position: int = 0) -> int:
        """Feed tokens from a position on; return the position of the first that does not fit, or their number."""
        states, values, rules, sure, builds = self.states, self.values, self._rules, self._sure, self._builds
        actions, gotos, appended = self.tables.actions, self.tables.gotos, self.tables.appended
        count = len(tokens)
        while position < count and self.result is None:
            token, state = tokens[position], states[-1]
            kind = token[0]
            rule = sure[state]
            if rule is None:
                item = appended[state].get(kind)
                if item:
                    values[-1].append(builds[item](token))
                    position += 1
                    continue
                action = actions[state].get(kind)
                if action is None:
                    return position
                if action >= 0:
                    states.append(action)
                    values.append(token)
                    position += 1
                    continue
                rule = rules[-1 - action]
            build, size, origin = rule
            if build:
                if size == 1:
                    values[-1] = build(values[-1])
                else:
                    first = len(values) - size
                    values[first:] = [build(*values[first:])]
            del states[len(states) - size :]
            if origin == START:
                self.result = values[-1]
                return position + (tokens[position].kind == END)
            states.append(gotos[states[-1]][origin])
        return position

    def accepts(self, *kinds: str) -> bool:
        """Whether tokens of these kinds, one after the other, would fit. Nothing is changed."""
        actions, gotos, rules = self.tables.actions, self.tables.gotos, self.tables.rules
        states = list(self.states)
        for kind in kinds:
            while True:
                action = actions[states[-1]].get(kind)
                if action is None:
                    action = self.tables.settled[states[-1]]
                if action is None:
                    return False
                if action >= 0:
                    states.append(action)
                    break
                rule = rules[-1 - action]
                del states[len(states) - rule.size :]
                if rule.origin == START:
                    return True
                states.append(gotos[states[-1]][rule.origin])
        return True

    def retreat(self) -> None:
        """Cut the stacks to the nearest place between two statements or lines, and stand there."""
        gotos = self.tables.gotos
        while True:
            state = self.states[-1]
            if state in self._between:
                return
            for name in SEQUENCES:
                if name in gotos[state]:
                    self.states.append(gotos[state][name])
                    self.values.append([])
                    return
            self.states.pop()
            self.values.pop()
