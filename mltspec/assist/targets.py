"""What a text in quotes may name: specs, files, and what Python modules define. Everything is read, nothing run."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from pathlib import Path

from mltspec.compile.files import SKIPPED, roots_of, std_folder
from mltspec.compile.references import ORIGINS
from mltspec.lint.python import find_file, find_target, read_module

SOURCES = ORIGINS
MOST = 200
_FOR_SOURCES = {".csv", ".parquet", ".npz", ".tfrecord", ".jsonl", ".keras"}

Named = tuple[str, str, str]
"""A label, what it is, and a remark."""


def specs(spec: Path, typed: str) -> Iterator[Named]:
    """Return packs, and specs beside this one, that a ``use`` may name."""
    for pack in sorted(std_folder().glob("*.mlt")):
        label = f"std/{pack.stem}"
        if label.startswith(typed):
            yield label, "module", _first_doc(pack)
    for label, kind, remark in _listing(spec.parent, typed, {".mlt"}):
        if kind == "folder" or (spec.parent / label).name != spec.name:
            yield label, kind, remark


def files(spec: Path, typed: str) -> Iterator[Named]:
    """Return files and folders that begin so, as a spec would name them."""
    yield from _listing(spec.parent, typed, _FOR_SOURCES)


def python(spec: Path, typed: str) -> Iterator[Named]:
    """Return modules, or after a colon what a module defines."""
    module, colon, _ = typed.partition(":")
    roots = roots_of(spec)
    if colon:
        read = read_module(module, roots)
        names = read.bound if read else {}
        for name, node in names.items():
            if not name.startswith("_") and not isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{module}:{name}", "callable", _signature(node)
        return
    package = module.rpartition(".")[0]
    seen: set[str] = set()
    for root in roots:
        folder = root.joinpath(*package.split(".")) if package else root
        for name in _modules(folder):
            dotted = f"{package}.{name}" if package else name
            if dotted.startswith(module) and dotted not in seen:
                seen.add(dotted)
                yield dotted, "module", ""


def place_of(spec: Path, target: str) -> tuple[Path, int, int] | None:
    """Return the file, line (from 1) and column (from 0) of what a ``module:name`` stands for."""
    roots = roots_of(spec)
    found = find_target(target, roots)
    if found is not None:
        node = found.node
        return found.module.file, node.lineno if node else 1, node.col_offset if node else 0
    file = find_file(target.partition(":")[0], roots)
    return (file, 1, 0) if file else None


def described(spec: Path, target: str) -> str:
    """Return the signature and the docstring of what a ``module:name`` stands for, empty where it cannot be read."""
    found = find_target(target, roots_of(spec))
    if found is None or found.node is None:
        return ""
    doc = ""
    if isinstance(found.node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        doc = ast.get_docstring(found.node) or ""
    return "\n\n".join(part for part in (f"```python\n{_signature(found.node)}\n```", doc) if part)


def _signature(node: ast.stmt) -> str:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
            return f"def {node.name}({ast.unparse(node.args)}){returns}"
        case ast.ClassDef():
            return f"class {node.name}"
    return ast.unparse(node).partition("\n")[0][:80]


def _modules(folder: Path) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries[: MOST * 10]:
        name, dot, ending = entry.name.partition(".")
        if not name.isidentifier() or name.startswith("_") or entry.name in SKIPPED:
            continue
        if ending == "py" or (not dot and entry.is_dir() and Path(entry.path, "__init__.py").exists()):
            yield name


def _listing(folder: Path, typed: str, endings: set[str]) -> Iterator[Named]:
    head, slash, _ = typed.rpartition("/")
    try:
        entries = sorted(os.scandir(folder / head), key=lambda entry: entry.name)
    except (OSError, ValueError):
        return
    for entry in entries[: MOST * 10]:
        if entry.name.startswith(".") or entry.name in SKIPPED:
            continue
        label = head + slash + entry.name
        if not label.startswith(typed):
            continue
        if entry.is_dir():
            yield label + "/", "folder", ""
        elif Path(entry.name).suffix in endings:
            yield label, "file", ""


def _first_doc(file: Path) -> str:
    lines = file.read_text(encoding="utf-8").splitlines()
    return next((line.lstrip("# ") for line in lines if line.startswith("##")), "")
