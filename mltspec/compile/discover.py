"""Conventional names in a Python module, found by reading it, and the spec that they amount to.

Nothing is imported: a module that would train at import, or fail, can still be looked at.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mltspec.compile.files import roots_of

MODEL_LINES = {
    "train": 'train python "{m}:train"',
    "export": 'export python "{m}:export"',
    "FIT": 'fit as python "{m}:FIT"',
    "DECLARES": 'declares as python "{m}:DECLARES"',
    "raw_examples": 'raw python "{m}:raw_examples"',
    "features": 'features python "{m}:features"',
    "serving_features": 'serving python "{m}:serving_features"',
}
PACKS = (
    ("training", (), "the model is wired as it should be, and can learn"),
    ("learning", (), "what it has learnt is worth having, for the right reasons"),
    ("reproducibility", (), "the same seed, data and code end in the same model"),
    ("debugging", (), "no single batch breaks the model"),
    ("export", (), "a saved, loaded or exported model is the same model"),
    ("data", ("holdout_data",), "the data are well fed, and the holdout is held out"),
    ("restore", ("train",), "training that is killed goes on as if nothing had happened"),
    ("serving", ("raw_examples",), "serving computes the features that training saw"),
)
"""Packs in the order in which they are used, the names that each needs, and what each is for."""


class NotASubject(ValueError):  # noqa: N818 - a fact about the module, told to the user
    """The module is not there, is no Python, or lacks the names that cannot be done without."""


@dataclass(frozen=True)
class Module:
    """A module as it will be imported: its file, its dotted name, and the conventional names it defines."""

    file: Path
    name: str
    defines: frozenset[str]

    @property
    def root(self) -> Path:
        """The folder that the dotted name is looked up in."""
        home = self.file.parent if self.file.name != "__init__.py" else self.file.parent.parent
        return home.resolve().parents[self.name.count(".") - 1] if "." in self.name else home.resolve()

    @property
    def spec_path(self) -> Path:
        """Where the spec of this module would lie."""
        return self.root / f"{self.name.rpartition('.')[2]}.mlt"


def find_module(target: str, folder: Path) -> Module:
    """Return the module of a path or a dotted name, looked up from ``folder``.

    Raises:
        NotASubject: it is not there, cannot be parsed, or defines no ``build`` and ``train_data``.
    """
    file, name = _file_of(target, folder)
    try:
        tree = ast.parse(file.read_bytes(), filename=str(file))
    except (SyntaxError, ValueError) as problem:
        line = getattr(problem, "lineno", None)
        raise NotASubject(
            f"{file} is no Python that can be read{f' (line {line})' if line else ''}: {problem}"
        ) from None
    defines = frozenset(_defined(tree))
    missing = [needed for needed in ("build", "train_data") if needed not in defines]
    if missing:
        raise NotASubject(
            f"{file} defines no {' and no '.join(f'`{m}`' for m in missing)}; a subject is a module with `build()`, "
            "which returns a compiled model, and `train_data()`"
        )
    return Module(file, name, defines)


def spec_of(module: Module) -> str:
    """Return the spec that a module's conventional names amount to."""
    lines = [f'  build python "{module.name}:build"']
    lines += [f"  {line.format(m=module.name)}" for name, line in MODEL_LINES.items() if name in module.defines]
    if not module.defines & {"train", "FIT"}:
        lines.append("  fit 5 epochs  # how long model.fit trains: as long as your own training does")
    lines.append("  trains on training")
    data = [f'data training = python "{module.name}:train_data"']
    if "holdout_data" in module.defines:
        data.append(f'data holdout = python "{module.name}:holdout_data"')
    uses = [f'use "std/{name}"  # {why}' for name, needs, why in PACKS if set(needs) <= module.defines]
    return "\n".join(
        [
            "edition 2026",
            "",
            f"## What must hold of {module.name} before it is released.",
            "model subject {",
            *lines,
            "}",
            *data,
            "",
            "# The packs shipped with mltspec; replace one by claims of your own as you come to know your bounds.",
            *uses,
            "",
        ]
    )


def _file_of(target: str, folder: Path) -> tuple[Path, str]:
    path = folder / target
    if path.is_dir() and (path / "__init__.py").is_file():
        return path / "__init__.py", path.name
    if path.is_file() and path.suffix == ".py":
        return path, path.stem
    parts = target.split(".")
    if all(part.isidentifier() for part in parts):
        for root in roots_of(folder / "spec.mlt"):
            for file in (root.joinpath(*parts).with_suffix(".py"), root.joinpath(*parts, "__init__.py")):
                if file.is_file():
                    return file, target
    raise NotASubject(f"there is no module `{target}` here; give a .py file, a package folder or a dotted name")


def _defined(tree: ast.Module) -> Iterator[str]:
    """Return the names that a module binds at its top, also in ``if`` and ``try``."""
    waiting: list[ast.stmt] = list(tree.body)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Assign():
                yield from (
                    each.id for target in node.targets for each in ast.walk(target) if isinstance(each, ast.Name)
                )
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case ast.Import() | ast.ImportFrom():
                yield from ((alias.asname or alias.name).partition(".")[0] for alias in node.names)
            case ast.If() | ast.Try() | ast.With():
                waiting += [each for each in ast.iter_child_nodes(node) if isinstance(each, ast.stmt)]
