"""A quick start: what Python and pydantic do by default that a command of a fifth of a second need not."""

from __future__ import annotations

import gc
import os

PLUGINS = "PYDANTIC_DISABLE_PLUGINS"
_ALL = "__all__"


def hasten() -> None:
    """Collect no garbage and look for no plugins of pydantic while our own records are built.

    Together they are a fifth of the start. Nothing that is built meanwhile is ever garbage.
    """
    gc.disable()
    os.environ.setdefault(PLUGINS, _ALL)


def settle() -> None:
    """Go back to how users expect it, before anything of theirs is started or anything runs for long."""
    gc.freeze()
    gc.enable()
    if os.environ.get(PLUGINS) == _ALL:
        del os.environ[PLUGINS]
