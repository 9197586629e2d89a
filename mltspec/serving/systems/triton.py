"""The real Triton server, started here: the binary that the wheel `nvidia-pytriton` carries, in a folder of its own.

A SavedModel is served through Triton's Python backend, in a process of its own that imports this environment's
TensorFlow. `python -m mltspec.serving.environments triton` sets the folder up.
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path
from typing import Any

import mltspec
from mltspec.plan.subject import Server
from mltspec.serving.asking import wait_ready
from mltspec.serving.control.triton import TritonControl
from mltspec.serving.environments import environment
from mltspec.serving.http import Address, ask, free_ports
from mltspec.serving.placing import put
from mltspec.serving.process import Process
from mltspec.serving.saved_signature import Tensor, read_signature
from mltspec.serving.system import Trouble
from mltspec.serving.systems.open_inference import OpenInference

START_S = 60.0
_BACKEND = Path(mltspec.__file__).parent / "subjects" / "triton_model.py"


class Triton(OpenInference):
    """A Triton of our own over versions in TensorFlow Serving's layout.

    Args:
        model: the name that the model is served under.
        folder: holds the versions; nothing is written into it.
        work: scratch for the repository and the log.
    """

    def __init__(self, model: str, folder: Path, work: Path) -> None:
        self._home = work / "repository" / model
        self._home.mkdir(parents=True)
        rest, grpc = (Address("127.0.0.1", port) for port in free_ports(2))
        process = Process(
            _command(environment("triton"), self._home.parent, rest, grpc),
            work / "triton.log",
            _variables(environment("triton")),
            guarded=True,
        )
        control = TritonControl(rest, grpc, model, self._place, self._config)
        super().__init__("triton", rest, grpc, model, control, process)
        self._there = sorted((each for each in folder.iterdir() if each.name.isdigit()), key=lambda v: int(v.name))

    def start(self) -> None:
        """Start it, and load the highest version there is.

        Raises:
            Trouble: it does not come up, or cannot load that version; told with its log.
        """
        assert self._process is not None
        self._process.start()
        try:
            wait_ready(_Up(self), START_S)
            for each in self._there:
                self._place(each.name, each)
            if self._there:
                self.promote(self._there[-1].name)
        except Trouble:
            self.close()
            raise

    def up(self) -> bool:
        """Return whether the server is up, with or without a model.

        Raises:
            Trouble: it has ended.
        """
        assert self._process is not None
        if not self._process.running:
            raise Trouble("it has ended")
        return ask(self.address, "GET", "/v2/health/ready")[0] == 200

    def _place(self, version: str, source: Path) -> None:
        read_signature(source)  # what Triton would refuse in its own words is refused here, in ours

        def fill(part: Path) -> None:
            shutil.copyfile(_BACKEND, part / "model.py")
            (part / "model.savedmodel").symlink_to(source.resolve())

        put(self._home / version, fill)
        if not (self._home / "config.pbtxt").exists():
            (self._home / "config.pbtxt").write_text(f'name: "{self._model}"\nbackend: "python"\n')

    def _config(self, version: str) -> dict[str, Any]:
        signature = read_signature(self._home / version / "model.savedmodel")
        return {
            "name": self._model,
            "backend": "python",
            "max_batch_size": 0,
            "input": [_tensor(each) for each in signature.inputs],
            "output": [_tensor(each) for each in signature.outputs],
            "instance_group": [{"kind": "KIND_CPU", "count": 1}],
        }


class _Up:
    """A server seen as ready as soon as it is up."""

    def __init__(self, server: Triton) -> None:
        self.name, self.ready, self.log = server.name, server.up, server.log


def _command(home: Path, repository: Path, rest: Address, grpc: Address) -> list[str]:
    return [
        str(home / "trt" / "pytriton" / "tritonserver" / "bin" / "tritonserver"),
        f"--model-repository={repository}",
        f"--backend-directory={home / 'tb' / 'backends'}",
        "--model-control-mode=explicit",
        "--disable-auto-complete-config",
        "--exit-timeout-secs=3",
        "--http-address=127.0.0.1",
        f"--http-port={rest.port}",
        "--grpc-address=127.0.0.1",
        f"--grpc-port={grpc.port}",
        "--allow-metrics=false",
    ]


def _variables(home: Path) -> dict[str, str]:
    libraries = [str(home / "trt" / "nvidia_pytriton.libs"), str(sysconfig.get_config_var("LIBDIR"))]
    return {
        **os.environ,
        "LD_LIBRARY_PATH": os.pathsep.join(libraries),
        "MLTSPEC_TRITON_SITE": os.pathsep.join(each for each in sys.path if each.endswith("site-packages")),
        "MLTSPEC_TRITON_NUMPY": str(home / "np1"),
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "CUDA_VISIBLE_DEVICES": "-1",
    }


def _tensor(tensor: Tensor) -> dict[str, Any]:
    kind = {"BYTES": "STRING"}.get(tensor.datatype, tensor.datatype)
    return {"name": tensor.name, "data_type": f"TYPE_{kind}", "dims": list(tensor.shape) or [1]}


def opened(server: Server, model: str, folder: Path, work: Path) -> OpenInference:
    """Return a Triton that was started for this rehearsal, or the one at the address that the spec names.

    Raises:
        Trouble: it cannot be started or reached.
    """
    if server.address is not None:
        from mltspec.serving.systems import open_inference

        return open_inference.opened(server, model, folder, work)
    system = Triton(model, folder, work)
    system.start()
    return system
