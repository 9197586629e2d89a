"""Each serving system, started with version 1 of a real SavedModel live, and opened as a spec would declare it."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from mltspec.plan.subject import Server
from mltspec.serving import environments
from mltspec.serving.asking import wait_ready
from mltspec.serving.http import Address, ask_json, free_ports
from mltspec.serving.open import open_system
from mltspec.serving.process import Process
from mltspec.serving.system import Trouble
from mltspec.serving.systems.triton import Triton

HERE = Path(__file__).parent
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "-1"}
BUILD = """
import sys, keras, numpy as np
for version, bias in ((1, 2.0), (2, 3.0)):
    model = keras.Sequential([keras.Input((4,), name="x"), keras.layers.Dense(1)])
    model.layers[-1].set_weights([np.full((4, 1), 0.5, "float32"), np.array([bias], "float32")])
    model.export(f"{sys.argv[1]}/{version}", verbose=False)
"""


def build(folder):
    """Export two versions, ``sum(x) / 2 + 2`` and ``+ 3``, and a third whose weights are half written."""
    command = [sys.executable, "-c", BUILD, str(folder)]
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, **QUIET})
    shutil.copytree(folder / "2", folder / "3")
    weights = next((folder / "3" / "variables").glob("*.data*"))
    weights.write_bytes(weights.read_bytes()[:10])
    return folder


def copied(models, home):
    shutil.copytree(models / "1", home / "1")
    return home


@contextlib.contextmanager
def running(command, log, environment=None):
    process = Process(command, log, {**os.environ, **QUIET, **(environment or {})}, guarded=True)
    process.start()
    try:
        yield process
    finally:
        process.close()


def awaited(server, folder, work, process, limit_s=60):
    """Open a server as soon as it can be opened, and wait until it is ready."""
    ends = time.monotonic() + limit_s
    while True:
        try:
            system = open_system(server, "half", folder, work)
            wait_ready(system, max(1.0, ends - time.monotonic()))
            return system
        except Trouble as trouble:
            if time.monotonic() > ends or not process.running:
                raise Trouble(f"{trouble}\n{process.log()}") from None
            time.sleep(0.2)


@contextlib.contextmanager
def local(models, work):
    system = open_system(Server(name="s", system="local"), "half", copied(models, work / "half"), work)
    try:
        wait_ready(system, 60)
        yield system
    finally:
        system.close()


@contextlib.contextmanager
def triton(models, work):
    environments.environment("triton")
    system = Triton("half", copied(models, work / "half"), work)
    try:
        system.start()
        yield system
    finally:
        system.close()


@contextlib.contextmanager
def behind_haproxy(models, work, system="local"):
    server = Server(name="s", system=system, behind="haproxy")
    fleet = open_system(server, "half", copied(models, work / "half"), work)
    try:
        yield fleet
    finally:
        fleet.close()


@contextlib.contextmanager
def tritons_behind_haproxy(models, work):
    environments.environment("triton")
    with behind_haproxy(models, work, "triton") as fleet:
        yield fleet


@contextlib.contextmanager
def kserve(models, work):
    home = copied(models, work / "half")
    (home / "live").symlink_to("1")
    rest, grpc = free_ports(2)
    command = [
        environments.python_of("kserve"),
        str(HERE / "kserve_server.py"),
        "half",
        str(home),
        f"{rest}",
        f"{grpc}",
    ]
    server = Server(
        name="s", system="open_inference", address=f"127.0.0.1:{rest}", grpc=f"127.0.0.1:{grpc}", serves="half",
        model="half", drill=True,
    )  # fmt: skip
    with running(command, work / "kserve.log") as process:
        yield awaited(server, home, work, process)


@contextlib.contextmanager
def mlserver(models, work, control="mlserver", environment=None, limit_s=60):
    home = copied(models, work / "repository" / "half")
    rest, grpc, metrics = free_ports(3)
    settings = {
        "host": "127.0.0.1", "http_port": rest, "grpc_port": grpc, "metrics_port": metrics, "parallel_workers": 1,
        "metrics_dir": str(work),
    }  # fmt: skip
    (work / "repository" / "settings.json").write_text(json.dumps(settings))
    model = {"name": "half", "implementation": "mlserver_saved.Saved", "parameters": {"uri": "./1", "version": "1"}}
    (home / "model-settings.json").write_text(json.dumps(model))
    shutil.copy(HERE / "mlserver_saved.py", home)
    python = environments.python_of("mlserver")
    command = [str(Path(python).with_name("mlserver")), "start", str(work / "repository")]
    server = Server(
        name="s", system="open_inference", address=f"127.0.0.1:{rest}", grpc=f"127.0.0.1:{grpc}", serves="half",
        model="half", drill=True, control=control,
    )  # fmt: skip
    paths = {"PYTHONPATH": os.pathsep.join([*(environment or []), str(HERE)])}
    with running(command, work / "mlserver.log", paths) as process:
        yield awaited(server, home, work, process, limit_s)


@contextlib.contextmanager
def ray(models, work):
    home = copied(models, work / "half")
    gcs, dashboard, http = free_ports(3)
    gcs = 26000 + gcs % 1000  # Ray refuses ports that its workers may take
    binary = Path(environments.python_of("ray")).with_name("ray")
    command = [
        str(binary), "start", "--head", "--block", "--node-ip-address=127.0.0.1", f"--port={gcs}", "--num-cpus=2",
        "--dashboard-host=127.0.0.1", f"--dashboard-port={dashboard}", "--include-dashboard=true",
        "--disable-usage-stats", "--object-store-memory=200000000", f"--temp-dir=/tmp/ray-{os.getpid()}",
    ]  # fmt: skip
    address = Address("127.0.0.1", dashboard)
    deployment = {"name": "Half", "user_config": {"version": 1}}
    application = {
        "name": "half", "route_prefix": "/", "import_path": "ray_app:build", "args": {"folder": str(home)},
        "deployments": [deployment],
    }  # fmt: skip
    whole = {"http_options": {"host": "127.0.0.1", "port": http}, "applications": [application]}
    server = Server(
        name="s", system="ray_serve", address=str(address), serves="half", model="half", drill=True
    )  # fmt: skip
    environment = {
        "RAY_AUTH_MODE": "disabled",
        "PYTHONPATH": str(HERE),
        "PATH": f"{binary.parent}:{os.environ['PATH']}",
    }
    with running(command, work / "ray.log", environment) as process, all_ended(process):
        deadline = time.monotonic() + 60
        while True:
            try:
                ask_json(address, "PUT", "/api/serve/applications/", whole)
                break
            except Trouble:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
        yield awaited(server, home, work, process, 90)


@contextlib.contextmanager
def all_ended(process):
    """End what left the process's group, too: Ray starts some twenty processes in sessions of their own."""
    try:
        yield
    finally:
        children = psutil.Process(process.pid).children(recursive=True)
        process.close()
        for child in children:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.send_signal(signal.SIGTERM)
        for child in psutil.wait_procs(children, 5)[1]:
            with contextlib.suppress(psutil.NoSuchProcess):
                child.kill()
        shutil.rmtree(f"/tmp/ray-{os.getpid()}", ignore_errors=True)


@contextlib.contextmanager
def tensorflow_serving(models, work):
    """TensorFlow Serving, where MLTSPEC_TFS_BIN names it; else a stand-in that speaks its official messages."""
    home = copied(models, work / "half")
    rest, grpc = free_ports(2)
    binary = os.environ.get("MLTSPEC_TFS_BIN")
    if binary:
        command = [
            binary, f"--rest_api_port={rest}", f"--port={grpc}", "--model_name=half", f"--model_base_path={home}",
        ]  # fmt: skip
    else:
        script = str(HERE / "tf_serving_stand_in.py")
        command = [environments.python_of("tfserving"), script, "half", str(home), f"{rest}", f"{grpc}"]
    server = Server(
        name="s", system="tensorflow_serving", address=f"127.0.0.1:{rest}", grpc=f"127.0.0.1:{grpc}", serves="half",
        model="half", drill=True,
    )  # fmt: skip
    with running(command, work / "tfs.log") as process:
        yield awaited(server, home, work, process)


SYSTEMS = {
    "local": local,
    "triton": triton,
    "haproxy": behind_haproxy,
    "tritons_behind_haproxy": tritons_behind_haproxy,
    "kserve": kserve,
    "mlserver": mlserver,
    "ray": ray,
    "tensorflow_serving": tensorflow_serving,
}
NEEDS = {
    "triton": "triton",
    "tritons_behind_haproxy": "triton",
    "kserve": "kserve",
    "mlserver": "mlserver",
    "ray": "ray",
    "tensorflow_serving": "tfserving",
}
