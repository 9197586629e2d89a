"""From what a spec says of a server to a system that can be asked."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from mltspec.plan.subject import Server
from mltspec.serving.system import System

_FROM = {
    "local": "mltspec.serving.systems.local:opened",
    "triton": "mltspec.serving.systems.triton:opened",
    "open_inference": "mltspec.serving.systems.open_inference:opened",
    "tensorflow_serving": "mltspec.serving.systems.tensorflow_serving:opened",
    "ray_serve": "mltspec.serving.systems.ray_serve:opened",
    "command": "mltspec.serving.systems.command:opened",
}


def open_system(server: Server, model: str, folder: Path, work: Path) -> System:
    """Return a system ready to be asked, started first if it is ours.

    Args:
        server: as the spec declares it.
        model: the name that the model is served under.
        folder: the versions, one folder each, for a system that is started here.
        work: scratch for logs and the like.

    Raises:
        Trouble: it cannot be started or reached.
    """
    if server.behind is not None:
        from mltspec.serving.balancing.fleet import Fleet  # HAProxy, where a spec asks for it

        alone = server.model_copy(update={"behind": None})
        fleet = Fleet(lambda versions, scratch: open_system(alone, model, versions, scratch), folder, work)
        fleet.open()
        return fleet
    module, _, function = _FROM[server.system].partition(":")
    system: System = getattr(import_module(module), function)(server, model, folder, work)
    return system
