"""The parser: a stack of states moved by the grammar's tables."""

from __future__ import annotations

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
        self._rules = [
            (builder.actions[rule.name] if rule.name else None, rule.size, rule.origin) for rule in self.tables.rules
        ]
        self._settled = [_only_reduction(actions) for actions in self.tables.actions]
        self._sure = [None if action is None else self._rules[-1 - action] for action in self._settled]
        self._between = {gotos[name] for gotos in self.tables.gotos for name in SEQUENCES if name in gotos}

    @property
    def state(self) -> int:
        """The state on top of the stack."""
        return self.states[-1]

    def feed(self, token: Token) -> bool:
        """Shift a token after all reductions it calls for; False if it does not fit."""
        kind, states, values = token.kind, self.states, self.values
        actions, gotos, rules, sure = self.tables.actions, self.tables.gotos, self._rules, self._sure
        while self.result is None:
            state = states[-1]
            rule = sure[state]
            if rule is None:
                action = actions[state].get(kind)
                if action is None:
                    return False
                if action >= 0:
                    states.append(action)
                    values.append(token)
                    return True
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
                return True
            states.append(gotos[states[-1]][origin])
        return kind == END

    def accepts(self, *kinds: str) -> bool:
        """Whether tokens of these kinds, one after the other, would fit. Nothing is changed."""
        actions, gotos, rules = self.tables.actions, self.tables.gotos, self.tables.rules
        states = list(self.states)
        for kind in kinds:
            while True:
                action = actions[states[-1]].get(kind)
                if action is None:
                    action = self._settled[states[-1]]
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


def _only_reduction(actions: dict[str, int]) -> int | None:
    """The reduction that a state calls for whatever comes next, if there is one.

    Taking it also before a token that will not fit lets a mistake be seen where it matters: after the
    name of a declaration rather than somewhere inside a name.
    """
    choices = set(actions.values())
    only = choices.pop() if len(choices) == 1 else 0
    return only if only < 0 else None
