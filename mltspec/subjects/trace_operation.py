"""The operation that first answered with something not finite, and the line of the user's that called it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import tensorflow as tf

_NAMED = re.compile(r'op "?(\w+)"?')


def culprit(run: Callable[[], Any], roots: Sequence[Path]) -> str:
    """Run something again with every operation watched; return ``Log at model.py:12``, empty if none is found.

    TensorFlow's own check looks at each result as it comes. A value that a later operation would have thrown away
    counts too: it is the first one, not always the one that matters.
    """
    tf.debugging.enable_check_numerics()
    eagerly = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        run()
    except tf.errors.InvalidArgumentError as error:
        return _told(error, roots)
    except Exception:  # what else user code raises is not what is asked here
        return ""
    finally:
        tf.config.run_functions_eagerly(eagerly)
        tf.debugging.disable_check_numerics()
    return ""


def _told(error: tf.errors.InvalidArgumentError, roots: Sequence[Path]) -> str:
    named = _NAMED.search(str(error))
    if named is None or "Detected" not in str(error):
        return ""
    line = _line(error.__traceback__, roots)
    return f"{named[1]} at {line}" if line else named[1]


def _line(trace: TracebackType | None, roots: Sequence[Path]) -> str:
    """Return the innermost line of the user's own files."""
    found = ""
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        for root in roots:
            if file.is_relative_to(root) and "site-packages" not in file.parts:
                found = f"{file.relative_to(root).as_posix()}:{trace.tb_lineno}"
        trace = trace.tb_next
    return found
