"""What a machine must have to run specs, looked at without importing the framework here."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from mltspec import __version__

INSTALL = "pip install 'mltspec[tensorflow]'"
PACKAGES = ("tensorflow", "keras", "numpy", "scipy", "hypothesis")
ALIASES = {"tensorflow": ("tensorflow", "tensorflow-cpu", "tensorflow-macos", "tf-nightly")}
LEAST_MEMORY_GB, LEAST_DISK_GB = 4.0, 2.0
DEEP_LIMIT_S = 120
_DEVICES = "import tensorflow as tf; print('devices:', *[d.name for d in tf.config.list_physical_devices()])"


@dataclass(frozen=True)
class Finding:
    """One thing looked at. ``way_out`` says what to do where it is not ok."""

    name: str
    state: Literal["ok", "warn", "fail"]
    text: str
    way_out: str = ""


def examine(store: Path, deep: bool = False) -> list[Finding]:
    """Look at everything; ``deep`` starts the framework in a child process."""
    found = [_python(), Finding("mltspec", "ok", __version__), *map(_package, PACKAGES)]
    found += [_cores(), *_memory(), _isolation(), *_threads(), *_determinism(), _store(store)]
    return [*found, _devices()] if deep else found


def _python() -> Finding:
    return Finding("python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}")


def _package(name: str) -> Finding:
    for alias in ALIASES.get(name, (name,)):
        try:
            return Finding(name, "ok", version(alias) + (f" ({alias})" if alias != name else ""))
        except PackageNotFoundError:
            continue
    return Finding(name, "fail", "not installed", INSTALL)


def _cores() -> Finding:
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return Finding("cores", "ok", f"{usable} usable; `mltspec run -n {usable}` is the default")


def _memory() -> Iterator[Finding]:
    try:
        size_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    except (AttributeError, ValueError, OSError):
        return
    if size_gb >= LEAST_MEMORY_GB:
        yield Finding("memory", "ok", f"{size_gb:.1f} GB")
    else:
        yield Finding("memory", "warn", f"{size_gb:.1f} GB", "gather in fewer children: `mltspec run -n 1`")


def _isolation() -> Finding:
    if platform.system() == "Linux":
        return Finding("isolation", "ok", "children are forked from a process that has the framework loaded")
    return Finding("isolation", "ok", "forking is not safe here: each child starts afresh, some seconds each")


def _threads() -> Iterator[Finding]:
    for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        if os.environ.get(name):
            text = f"{name}={os.environ[name]} is set; mltspec sets threads for each child itself"
            yield Finding("threads", "warn", text, f"unset {name}, or keep it the same wherever results are compared")


def _determinism() -> Iterator[Finding]:
    if os.environ.get("TF_ENABLE_ONEDNN_OPTS") not in (None, "0"):
        yield Finding("determinism", "ok", "oneDNN is on: results differ in the last bits between kinds of CPU")
    if os.environ.get("PYTHONHASHSEED") in (None, "", "random"):
        yield Finding("determinism", "ok", "seeds are set in each child; PYTHONHASHSEED need not be")
    else:
        yield Finding("determinism", "ok", f"PYTHONHASHSEED={os.environ['PYTHONHASHSEED']}")


def _store(store: Path) -> Finding:
    folder = store.absolute()
    nearest = next(each for each in (folder, *folder.parents) if each.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK):
        return Finding(
            "store", "fail", f"`{store}` cannot be written", "free that folder, or name another with --store"
        )
    free_gb = shutil.disk_usage(nearest).free / 1e9
    text = f"`{store}` is writable, {free_gb:.1f} GB free"
    if free_gb < LEAST_DISK_GB:
        return Finding("store", "warn", text, "free some space: trained weights are kept there")
    return Finding("store", "ok", text)


def _devices() -> Finding:
    try:
        child = subprocess.run(
            [sys.executable, "-c", _DEVICES], capture_output=True, text=True, timeout=DEEP_LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return Finding(
            "devices", "fail", f"TensorFlow did not start within {DEEP_LIMIT_S} s", "look for a busy machine"
        )
    shown = [line for line in child.stdout.splitlines() if line.startswith("devices:")]
    if child.returncode or not shown:
        last = (child.stderr.strip().splitlines() or ["no message"])[-1]
        return Finding("devices", "fail", f"TensorFlow does not start: {last}", INSTALL)
    names = shown[0].removeprefix("devices:").split()
    if any("GPU" in name for name in names):
        return Finding("devices", "ok", ", ".join(names))
    return Finding("devices", "ok", f"{', '.join(names)} (no GPU: specs run all the same)")
