"""The doors through which a fault gets in: the user's own callables, and methods of Keras that they call."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from mltspec.evidence.faults import NOT_INJECTED
from mltspec.subjects.bench import Bench, Unfit
from mltspec.subjects.targets import resolve

Reached = Callable[[], None]
"""Called when a fault has got into something."""

Around = Callable[..., Any]
"""Called in place of a function: with the function, and what that would be called with."""


def not_injected(reason: str) -> Unfit:
    """Return what to raise where a subject gives a fault nothing to hold on to."""
    return Unfit(NOT_INJECTED + reason)


def rebind(target: str, around: Around, bench: Bench) -> None:
    """Have a callable of the user's called through ``around``, by whatever name the user's modules know it.

    A training job mostly calls `build` itself, imported from another module: so every module-level name under the
    roots that stands for the callable is bound anew. References in closures and default arguments stay.

    Raises:
        Unfit: there is no such callable, or it is a class, which others may inherit from.
    """
    plain = resolve(target, bench)
    if isinstance(plain, type):
        raise not_injected(f"`{target}` is a class; faults go into functions")

    @functools.wraps(plain)
    def wrapped(*positional: Any, **named: Any) -> Any:
        return around(plain, *positional, **named)

    module, _, path = target.partition(":")
    *outer, name = path.split(".")
    owner: Any = functools.reduce(getattr, outer, import_module(module))
    setattr(owner, name, wrapped)
    roots = tuple(f"{root}/" for root in bench.roots)
    for loaded in list(sys.modules.values()):
        if not (getattr(loaded, "__file__", None) or "").startswith(roots):
            continue
        for other, value in list(vars(loaded).items()):
            if value is plain:
                setattr(loaded, other, wrapped)


def rebind_method(owner: type, name: str, around: Around) -> None:
    """Have a method called through ``around``, in the class that defines it."""
    home = next(each for each in owner.__mro__ if name in vars(each))
    plain = vars(home)[name]

    @functools.wraps(plain)
    def wrapped(self: Any, *positional: Any, **named: Any) -> Any:
        return around(plain, self, *positional, **named)

    setattr(home, name, wrapped)
