"""Whether the framework is there, without importing it."""

from __future__ import annotations

from importlib.util import find_spec

NEEDED = ("tensorflow", "numpy", "scipy", "hypothesis")


def advice() -> str:
    """Return what to type when something that gathering needs is not installed; empty when all is there."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if not missing:
        return ""
    return (
        f"not installed here: {', '.join(missing)}; to gather evidence, type\n\n"
        "    pip install 'mltspec[tensorflow]'        (on a machine without a GPU: 'mltspec[tensorflow-cpu]')\n"
    )
