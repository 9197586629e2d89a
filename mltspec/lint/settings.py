"""Which rules apply and how much they matter: from ``mltspec.toml`` or ``pyproject.toml``, then from the command line.

    [tool.mltspec.lint]                 # in mltspec.toml: [lint]
    select = ["all"]                    # rules, groups of them, or `all`
    ignore = ["slices-without-least-rows"]
    severity = { unused-let = "error" }
    exclude = ["specs/legacy/*"]

    [tool.mltspec.lint.per-file-ignores]
    "specs/drafts/*" = ["marks"]

The nearest of these files above a spec holds for it. What keeps a spec from running is no matter of taste: it can be
neither ignored nor made less.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

from mltspec.language.diagnostic import Severity
from mltspec.language.suggest import closest
from mltspec.lint.registry import BY_NAME, COMPILER_WARNINGS, GROUPS

FILES = ("mltspec.toml", "pyproject.toml")
ALL = "all"
KEYS = ("select", "ignore", "severity", "exclude", "per-file-ignores")


class BadSettings(ValueError):  # noqa: N818 - a fact about the settings, told to the user
    """Settings that cannot be followed; the message names the file, the key and the way out."""


@dataclass(frozen=True)
class Settings:
    """Rules and groups by name. ``home`` is the folder that patterns of paths are relative to."""

    select: frozenset[str] = frozenset({ALL})
    ignore: frozenset[str] = frozenset()
    severity: Mapping[str, Severity] = field(default_factory=dict)
    exclude: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, frozenset[str]] = field(default_factory=dict)
    home: Path = Path()

    def applies(self, name: str, group: str) -> bool:
        """Whether a rule applies; a rule's own name counts for more than its group's, and that more than ``all``."""
        for word in (name, group, ALL):
            if word in self.ignore:
                return False
            if word in self.select:
                return True
        return False

    def weigh(self, name: str, group: str, severity: Severity) -> Severity:
        """Return how much a finding of a rule matters."""
        return self.severity.get(name, self.severity.get(group, severity))

    def excludes(self, path: Path) -> bool:
        """Whether a file found in a folder is passed over; one that is named is not."""
        return any(_matches(path, pattern, self.home) for pattern in self.exclude)

    def of_file(self, path: Path) -> Settings:
        """Return the settings for one file."""
        more = [rules for pattern, rules in self.per_file_ignores.items() if _matches(path, pattern, self.home)]
        return replace(self, ignore=self.ignore.union(*more)) if more else self

    def changed(
        self, select: Iterable[str] = (), ignore: Iterable[str] = (), severity: Mapping[str, Severity] | None = None
    ) -> Settings:
        """Return the settings with what a command line says before them."""
        chosen, left_out = frozenset(select), frozenset(ignore)
        return replace(
            self,
            select=chosen or self.select,
            ignore=(self.ignore - chosen) | left_out,
            severity={**self.severity, **(severity or {})},
        )


def settings_of(path: Path) -> Settings:
    """Return the settings that hold for a spec, or for the specs of a folder.

    Raises:
        BadSettings: the file that holds them cannot be read, or says something that is not known.
    """
    path = path.resolve()
    return _nearest(path if path.is_dir() else path.parent)


def forget() -> None:
    """Read files of settings again when they are next asked for."""
    _nearest.cache_clear()


@cache
def _nearest(folder: Path) -> Settings:
    for name in FILES:
        file = folder / name
        if file.is_file():
            table = _table(file)
            if table is not None:
                return read(table, file)
    return Settings() if folder.parent == folder else _nearest(folder.parent)


def _table(file: Path) -> Mapping[str, Any] | None:
    """Return what a file says about linting; None where it says nothing about mltspec at all."""
    import tomllib

    try:
        found: Any = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise BadSettings(f"{file} cannot be read: {problem}") from problem
    if file.name == "pyproject.toml":
        found = found.get("tool", {}).get("mltspec")
        if found is None:
            return None
    table = found.get("lint", {}) if isinstance(found, dict) else found
    if not isinstance(table, dict):
        raise BadSettings(f'{file}: `lint` is a table, for example `select = ["all"]` below `[lint]`')
    return table


def read(table: Mapping[str, Any], file: Path) -> Settings:
    """Return the settings of a table.

    Raises:
        BadSettings: it has a key, a rule or a severity that is not known.
    """
    for key in table:
        if key not in KEYS:
            raise BadSettings(f"{file}: lint has no setting `{key}`; {_hint(key, KEYS)}")
    per_file = table.get("per-file-ignores", {})
    severity = table.get("severity", {})
    if not isinstance(per_file, dict) or not isinstance(severity, dict):
        raise BadSettings(f"{file}: `severity` and `per-file-ignores` are tables")
    return Settings(
        select=frozenset(known(_names(table, "select", file, [ALL]), str(file))),
        ignore=frozenset(known(_names(table, "ignore", file, []), str(file))),
        severity={name: level(name, value, str(file)) for name, value in severity.items()},
        exclude=tuple(_names(table, "exclude", file, [])),
        per_file_ignores={
            pattern: frozenset(known(_names(per_file, pattern, file, []), str(file))) for pattern in per_file
        },
        home=file.parent,
    )


def known(names: Iterable[str], where: str) -> list[str]:
    """Return the names of rules and groups as they are.

    Raises:
        BadSettings: one is none; ``where`` begins the message.
    """
    found = list(names)
    for name in found:
        if name not in BY_NAME and name not in COMPILER_WARNINGS and name not in GROUPS and name != ALL:
            if _stops(name):
                raise BadSettings(f"{where}: `{name}` keeps a spec from running; it cannot be chosen or left out")
            raise BadSettings(f"{where}: there is no rule `{name}`; {_hint(name, [*BY_NAME, *GROUPS, ALL])}")
    return found


def level(name: str, value: object, where: str) -> Severity:
    """Return the severity that a rule or a group is given.

    Raises:
        BadSettings: there is no such rule or severity.
    """
    known([name], where)
    if value not in list(Severity):
        raise BadSettings(f"{where}: `{name}` is an error, a warning or info, not `{value}`")
    return Severity(str(value))


def _stops(name: str) -> bool:
    from mltspec.compile.catalogue import diagnostics

    return name in diagnostics()


def _names(table: Mapping[str, Any], key: str, file: Path, default: list[str]) -> list[str]:
    found = table.get(key, default)
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise BadSettings(f"{file}: `{key}` is a list of texts")
    return found


def _hint(name: str, names: Iterable[str]) -> str:
    near = closest(name, names)
    return f"did you mean `{near[0]}`?" if near else "`mltspec explain` lists all rules"


def _matches(path: Path, pattern: str, home: Path) -> bool:
    path = path.resolve()
    inside = path.relative_to(home.resolve()) if path.is_relative_to(home.resolve()) else path
    return fnmatch(inside.as_posix(), pattern)
