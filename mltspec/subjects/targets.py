"""``module:callable`` targets: found under the roots, imported and called."""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Callable, Iterable
from typing import Any

from mltspec.subjects.bench import Bench, Unfit


def resolve(target: str, bench: Bench) -> Callable[..., Any]:
    """Import the module of ``module:callable`` from the roots and return the callable.

    Raises:
        Unfit: no such module, no such name in it, or not a callable. What the module itself raises
            while it is imported goes through.
    """
    found = lookup(target, bench)
    if not callable(found):
        raise Unfit(f"`{target}` is a {type(found).__name__}, not a callable")
    return found  # type: ignore[no-any-return]


def lookup(target: str, bench: Bench) -> Any:
    """Import the module of ``module:name`` from the roots and return what the name is bound to.

    Raises:
        Unfit: no such module, or no such name in it.
    """
    module_name, colon, path = target.partition(":")
    if not (module_name and colon and path):
        raise Unfit(f"`{target}` does not name a callable; write `module:callable`")
    for root in reversed(bench.roots):
        if str(root) not in sys.path:
            sys.path.insert(0, str(root))
    found: Any = _import(module_name, target, bench)
    walked = module_name
    for name in path.split("."):
        if not hasattr(found, name):
            raise Unfit(f"`{walked}` has no `{name}`{did_you_mean(name, _names(found))} (in `{target}`)")
        found, walked = getattr(found, name), f"{walked}.{name}"
    return found


def call(target: str, bench: Bench, *positional: object, **named: object) -> Any:
    """Resolve a target and call it; what it raises goes through, with a note of which target it was."""
    function = resolve(target, bench)
    try:
        return function(*positional, **named)
    except Exception as error:
        error.add_note(f"raised while calling `{target}`")
        raise


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return ``; did you mean `x`?`` for the closest known name, or an empty string."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""


def _import(name: str, target: str, bench: Bench) -> Any:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if name != missing and not name.startswith(f"{missing}."):
            error.add_note(f"raised while importing the module of `{target}`")
            raise
        roots = ", ".join(map(str, bench.roots)) or "sys.path"
        near = did_you_mean(missing, (p.stem for root in bench.roots for p in root.glob("*")))
        raise Unfit(f"there is no module `{missing}` under {roots}{near} (in `{target}`)") from None
    except Exception as error:
        error.add_note(f"raised while importing the module of `{target}`")
        raise


def _names(found: object) -> list[str]:
    return [name for name in dir(found) if not name.startswith("_")]
