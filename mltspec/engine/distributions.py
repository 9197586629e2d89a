"""Which installed package a module comes from, and its version, without importing anything."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import re
import sys
import sysconfig
from functools import cache
from pathlib import Path

from mltspec.engine.ledger import Ledger
from mltspec.plan.wire import digest_of

_KNOWN = {
    "tensorflow": ("tensorflow", "tensorflow-cpu", "tensorflow-intel", "tensorflow-macos", "tf-nightly"),
    "keras": ("keras", "keras-nightly"),
    "sklearn": ("scikit-learn",),
    "PIL": ("pillow",),
    "cv2": ("opencv-python", "opencv-python-headless"),
    "yaml": ("pyyaml",),
}
_INSTALLED = re.compile(r"(?P<name>.+?)-(?P<version>[^-]+)(-.*)?\.(dist-info|egg-info)")


@cache
def versions() -> dict[str, str]:
    """Return the version of every installed distribution by its normalised name, read off folder names."""
    found: dict[str, str] = {}
    for folder in reversed(sys.path):
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208
        except OSError:
            continue
        for name in names:
            match = _INSTALLED.fullmatch(name)
            if match:
                found[_normal(match["name"])] = match["version"]
    return found


def version_of(module: str, ledger: Ledger) -> str:
    """Return ``name version`` of the distribution of a top-level module; empty if it is not installed."""
    installed = versions()
    for name in (*_KNOWN.get(module, ()), module):
        if _normal(name) in installed:
            return f"{_normal(name)} {installed[_normal(name)]}"
    names = ledger.get("modules", f"{module} {digest_of(sorted(installed.items()))}")
    if names is None:
        names = [_normal(name) for name in _providers().get(module, [])]
        ledger.put("modules", f"{module} {digest_of(sorted(installed.items()))}", names)
    return ", ".join(f"{name} {installed.get(name, '?')}" for name in sorted(set(names)))


def home_of(module: str) -> Path | None:
    """Return the folder on the search path that holds a top-level module of the user's own.

    None for the standard library, for installed packages, and for what is not there.
    """
    if module in sys.stdlib_module_names or module == "mltspec":
        return None
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError, AttributeError):
        return None
    places = [spec.origin] if spec and spec.origin else list(spec.submodule_search_locations or []) if spec else []
    if not places or not places[0].endswith((".py", module)):
        return None
    place = Path(places[0])
    if str(place).startswith(_installation()):
        return None
    return place.parent.parent if place.name == "__init__.py" else place.parent


@cache
def _providers() -> dict[str, list[str]]:
    return {module: list(names) for module, names in importlib.metadata.packages_distributions().items()}


@cache
def _installation() -> tuple[str, ...]:
    return tuple(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib"))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
