"""Training jobs that are commands: Python scripts and modules, run in the process that watches them."""

from __future__ import annotations

import re
import shlex

from mltspec.compile.fault import Fault, Faulty
from mltspec.compile.reading import Read, Reading
from mltspec.language.tree import Text

EXAMPLE = "python train.py --workdir {workdir}"
PLACES = ("{workdir}", "{seed}")


def command(reading: Reading) -> Read:
    """Read ``"python train.py --workdir {workdir}"`` into the script or module and its arguments.

    Raises:
        Faulty: it is no text, starts no Python, or does not say where the work folder goes.
    """
    item = reading.value()
    if not isinstance(item, Text):
        raise reading.wanted("a command in quotes", f'"{EXAMPLE}"')
    try:
        words = shlex.split(item.value)
    except ValueError as problem:
        raise _malformed(item, f"the command cannot be read: {problem}") from problem
    if not words or not re.fullmatch(r"python(3(\.\d+)?)?", words[0]):
        raise _malformed(item, "only a job that Python runs can be watched step by step")
    script, module = ("", words[2]) if words[1:2] == ["-m"] and len(words) > 2 else (words[1] if words[1:] else "", "")
    if not module and not script.endswith(".py"):
        raise _malformed(item, "the command names no script and no module")
    arguments = words[3:] if module else words[2:]
    if not any("{workdir}" in each for each in arguments):
        raise _malformed(item, "the command says nothing of the work folder, in which it keeps its checkpoints")
    unknown = [place for each in arguments for place in re.findall(r"\{\w*\}", each) if place not in PLACES]
    if unknown:
        raise _malformed(item, f"`{unknown[0]}` stands for nothing; there are {' and '.join(f'`{p}`' for p in PLACES)}")
    return {"script": script, "module": module, "arguments": arguments}, reading.at + 1


def _malformed(item: Text, message: str) -> Faulty:
    return Faulty(
        Fault(
            "malformed-command",
            message,
            item.span,
            label="a command of Python is due",
            help=f'for example `"{EXAMPLE}"`',
        )
    )
