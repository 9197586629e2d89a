"""Real serving systems, each in an environment of its own under one folder, so that none disturbs TensorFlow's.

    python -m mltspec.serving.environments triton

The folder is ``.serving`` here, or what MLTSPEC_SERVING_ENVS names. What is complete is not made again.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from pathlib import Path

from mltspec.serving.system import Trouble

_TENSORFLOW = "tensorflow-cpu==2.21.*"
_COMPLETE = "ready"


def home() -> Path:
    """Return the folder that holds all environments."""
    return Path(os.environ.get("MLTSPEC_SERVING_ENVS") or ".serving").resolve()


def environment(name: str) -> Path:
    """Return the folder of one.

    Raises:
        Trouble: it has not been set up.
    """
    folder = home() / name
    if not (folder / _COMPLETE).exists():
        raise Trouble(f"{name} is not set up in `{folder.parent}`: `python -m mltspec.serving.environments {name}`")
    return folder


def python_of(name: str) -> str:
    """Return the interpreter of one."""
    return str(environment(name) / "bin" / "python")


def _triton(folder: Path) -> None:
    """Unpack the server's wheel without what it would lay over TensorFlow's packages, and the NumPy of its stub."""
    _pip(sys.executable, "--no-deps", "--target", str(folder / "trt"), "nvidia-pytriton==0.7.*")
    _pip(sys.executable, "--no-deps", "--target", str(folder / "np1"), "numpy==1.26.4", "ml_dtypes==0.5.4")
    server = folder / "trt" / "pytriton" / "tritonserver"
    shutil.copytree(server / "backends", folder / "tb" / "backends")
    stub = server / "python_backend_stubs" / f"3.{sys.version_info.minor}" / "triton_python_backend_stub"
    shutil.copy(stub, folder / "tb" / "backends" / "python")


def _kserve(folder: Path) -> None:
    _pip(_new(folder), "kserve==0.21.*", _TENSORFLOW)


def _mlserver(folder: Path) -> None:
    _pip(_new(folder), "mlserver==1.7.*", "uvloop<0.22", _TENSORFLOW)


def _mlserver_uvloop(folder: Path) -> None:
    """Lay the uvloop with which MLServer never becomes ready into a folder that can be put before its own."""
    _pip(sys.executable, "--no-deps", "--target", str(folder), "uvloop>=0.22")


def _ray(folder: Path) -> None:
    _pip(_new(folder), "ray[serve]==2.*", _TENSORFLOW)


def _tfserving(folder: Path) -> None:
    """Take the official messages without the whole of TensorFlow, which they ask for, over its build for CPUs."""
    python = _new(folder)
    _pip(python, _TENSORFLOW, "grpcio")
    _pip(python, "--no-deps", "tensorflow-serving-api==2.*")


def _older(folder: Path) -> None:
    """Take the TensorFlow of yesterday's servers, and what the rehearsal server runs on."""
    _pip(_new(folder), "tensorflow-cpu==2.18.*", "uvicorn", "orjson")


RECIPES: dict[str, Callable[[Path], None]] = {
    "triton": _triton,
    "kserve": _kserve,
    "mlserver": _mlserver,
    "mlserver-uvloop": _mlserver_uvloop,
    "ray": _ray,
    "tfserving": _tfserving,
    "older": _older,
}


def set_up(name: str) -> None:
    """Make an environment anew, unless it is complete.

    Raises:
        subprocess.CalledProcessError: pip failed, and has said why.
    """
    folder = home() / name
    if (folder / _COMPLETE).exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    RECIPES[name](folder)
    (folder / _COMPLETE).touch()


def _new(folder: Path) -> str:
    venv.create(folder, with_pip=True)
    return str(folder / "bin" / "python")


def _pip(python: str, *what: str) -> None:
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *what]
    subprocess.run(command, check=True)


def main(names: Sequence[str]) -> int:
    """Set up those that are named, all if none is."""
    unknown = sorted(set(names) - set(RECIPES))
    if unknown:
        print(f"no such environment: {', '.join(unknown)}; there are {', '.join(RECIPES)}", file=sys.stderr)
        return 2
    for name in names or RECIPES:
        print(f"{name} in {home() / name} …", flush=True)
        try:
            set_up(name)
        except subprocess.CalledProcessError:
            print(f"{name} could not be set up: see pip's message above", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
