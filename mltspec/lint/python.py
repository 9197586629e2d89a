"""The user's Python as far as reading it tells: modules, what they define, and what is called there.

Nothing is imported. What cannot be known by reading (``from x import *``, ``__getattr__``) is taken for there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.machinery import PathFinder
from os.path import isfile
from pathlib import Path

from mltspec.lint.disk import is_file, is_folder

LARGEST_BYTES = 4 * 1024 * 1024
MOST_HOPS = 8
"""How many modules a name is followed through that each import it from the next."""


@dataclass(frozen=True)
class Module:
    """A module that was read. ``bound`` are the names at its top and what binds each; ``open``: there may be more."""

    name: str
    file: Path
    tree: ast.Module
    bound: dict[str, ast.stmt]
    open: bool

    @cached_property
    def calls(self) -> tuple[tuple[str, ast.Call], ...]:
        """The calls in it, by their dotted names."""
        return tuple(calls_in(self.tree))


@dataclass(frozen=True)
class Target:
    """What a ``module:name`` stands for; ``node`` is None where it is bound by something that cannot be followed."""

    module: Module
    node: ast.stmt | None


def find_file(name: str, roots: Sequence[Path]) -> Path | None:
    """Return the file of a dotted module below the roots."""
    inside = name.replace(".", "/")
    for root in roots:
        for end in (".py", "/__init__.py"):
            file = f"{root}/{inside}{end}"
            if isfile(file):  # noqa: PTH113 - a path would take longer to make than to look up
                return Path(file)
    return None


def is_elsewhere(name: str, roots: Sequence[Path]) -> bool:
    """Whether a module's package lies outside the roots, where it is installed; it is looked up, not imported."""
    top = name.partition(".")[0]
    if any(is_folder(root / top) or is_file(root / f"{top}.py") for root in roots):
        return False
    try:
        return PathFinder.find_spec(top) is not None
    except (ImportError, ValueError, AttributeError):
        return False


def read_module(name: str, roots: Sequence[Path]) -> Module | None:
    """Return a module below the roots; None where there is none that can be read."""
    file = find_file(name, roots)
    if file is None:
        return None
    try:
        stat = file.stat()
    except OSError:
        return None
    return _read(name, file, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=512)
def _read(name: str, file: Path, _changed: int, size: int) -> Module | None:
    if size > LARGEST_BYTES:
        return None
    try:
        tree = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    bound: dict[str, ast.stmt] = {}
    is_open = False
    for node in _outside_functions(tree.body):
        for each in _bound_by(node):
            is_open = is_open or each in ("*", "__getattr__")
            bound[each] = node
    return Module(name, file, tree, bound, is_open)


def _outside_functions(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With | ast.For | ast.While):
            inner = [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt | ast.ExceptHandler)]
            flat = [s for each in inner for s in (each.body if isinstance(each, ast.ExceptHandler) else [each])]
            yield from _outside_functions(flat)


def _bound_by(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Import() | ast.ImportFrom():
            yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        case ast.Assign(targets=targets):
            yield from (each.id for one in targets for each in ast.walk(one) if isinstance(each, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
            yield name
        case ast.For(target=target) | ast.AsyncFor(target=target):
            yield from (each.id for each in ast.walk(target) if isinstance(each, ast.Name))


def find_target(target: str, roots: Sequence[Path]) -> Target | None:
    """Return what a ``module:name`` stands for; None where its module is not there or lacks the name."""
    module_name, _, name = target.partition(":")
    module = read_module(module_name, roots)
    return find_name(module, name, roots) if module else None


def find_name(module: Module, name: str, roots: Sequence[Path]) -> Target | None:
    """Return what a name of a module stands for, followed through imports; None where the module lacks it."""
    for _ in range(MOST_HOPS):
        node = module.bound.get(name)
        if node is None:
            return Target(module, None) if module.open else None
        if not isinstance(node, ast.ImportFrom):
            return Target(module, node)
        further = _further(node, name, module, roots)
        if further is None:
            return Target(module, None)
        module, name = further
    return None


def _further(node: ast.ImportFrom, name: str, module: Module, roots: Sequence[Path]) -> tuple[Module, str] | None:
    """Follow ``from other import name``; None where that leads out of what can be read."""
    original = next((alias.name for alias in node.names if (alias.asname or alias.name) == name), None)
    package = module.name if module.file.name == "__init__.py" else module.name.rpartition(".")[0]
    for _ in range(node.level - 1):
        package = package.rpartition(".")[0]
    prefix = package if node.level else ""
    found = read_module(".".join(part for part in (prefix, node.module or "") if part), roots)
    return (found, original) if found is not None and original in found.bound else None


def parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[list[str], list[str], bool]:
    """Return a function's parameters, those without a default, and whether it takes any number more."""
    args = node.args
    positional = [*args.posonlyargs, *args.args]
    required = [each.arg for each in positional[: len(positional) - len(args.defaults)]]
    required += [a.arg for a, default in zip(args.kwonlyargs, args.kw_defaults, strict=True) if default is None]
    names = [each.arg for each in (*positional, *args.kwonlyargs)]
    return names, required, args.vararg is not None or args.kwarg is not None


def calls_in(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Return the calls below a node with their dotted names (``np.random.default_rng``)."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and (name := dotted(each.func)):
            yield name, each


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` for such an expression, else an empty string."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
