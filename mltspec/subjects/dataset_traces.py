"""Random numbers that tf.data draws once: found by watching its functions being traced.

A function given to ``Dataset.map`` runs once, in Python, when it is traced; what then runs row by row is a graph. A
number that it draws from NumPy or Python is a constant of that graph: every row of every epoch gets the same.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import inspect
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import tensorflow as tf

from mltspec.evidence.dataset import FrozenDraw

REPEATS = 8
"""Calls of one function on one element; a coin that is tossed anew falls the same way so often in 1 of 128 cases."""
RETRACES = 6
RANDOM = "Random"


@dataclass
class Traced:
    """A function as tf.data traced it: its wrapper, the data it is mapped over, the generators that it drew from."""

    function: Any
    name: str
    wrapper: Any
    dataset: Any
    drew: tuple[str, ...]


@dataclass
class Traces:
    """Every function traced while it was watched."""

    seen: list[Traced] = field(default_factory=list)
    make: Any = None

    def frozen(self) -> tuple[FrozenDraw, ...]:
        """Return those that give every row the same random numbers."""
        found = [_frozen(traced, self.make) for traced in self.seen]
        return tuple({draw.place: draw for draw in found if draw is not None}.values())


@contextlib.contextmanager
def watched() -> Iterator[Traces]:
    """Note every function that tf.data traces, and which generators moved meanwhile."""
    traces = Traces()
    try:
        from tensorflow.python.data.ops.structured_function import StructuredFunctionWrapper
    except ImportError:
        # Another version of TensorFlow keeps its tracing elsewhere: then nothing is seen, and nothing is said.
        yield traces
        return
    original = StructuredFunctionWrapper.__init__

    def traced(self: Any, func: Any, transformation_name: str, dataset: Any = None, **options: Any) -> None:
        before = _states(func)
        original(self, func, transformation_name, dataset=dataset, **options)
        after = _states(func)
        drew = tuple(name for name in before if before[name] != after.get(name))
        traces.seen.append(Traced(func, transformation_name, self, dataset, drew))

    def again(old: Traced) -> Any:
        wrapper = StructuredFunctionWrapper.__new__(StructuredFunctionWrapper)
        original(wrapper, old.function, old.name, dataset=old.dataset)
        return wrapper

    traces.make = again
    StructuredFunctionWrapper.__init__ = traced
    try:
        yield traces
    finally:
        StructuredFunctionWrapper.__init__ = original


def cached_augmentation(dataset: Any) -> tuple[str, ...]:
    """Return the places of functions with random operations whose results a ``cache`` further down keeps."""
    found: dict[str, None] = {}
    waiting = [(dataset, False)]
    while waiting:
        here, below_cache = waiting.pop()
        wrapper = getattr(here, "_map_func", None)
        if below_cache and wrapper is not None and _random_operations(_graph(wrapper)):
            found[_place(getattr(wrapper, "_func", None))] = None
        below_cache = below_cache or "Cache" in type(here).__name__
        waiting += [(source, below_cache) for source in getattr(here, "_inputs", list)()]
    return tuple(found)


def _frozen(traced: Traced, make: Any) -> FrozenDraw | None:
    """Judge one function by what it does, not by what it calls: a seed drawn while tracing is no fault."""
    graph = _graph(traced.wrapper)
    source = ", ".join(traced.drew) or ("a constant seed" if graph is not None and _constant_seeds(graph) else "")
    element = _first(traced.dataset) if source and graph is not None else None
    if element is None:
        return None
    if traced.drew and not _depends_on_tracing(traced, make, element):
        return None
    code = inspect.unwrap(_plain(traced.function))
    name = getattr(code, "__name__", type(code).__name__)
    return FrozenDraw(
        function="a lambda" if name == "<lambda>" else name,
        place=_place(traced.function),
        source=source,
        repeats=REPEATS,
    )


def _depends_on_tracing(traced: Traced, make: Any, element: list[Any]) -> bool:
    """Tell whether the function gives one element the same answer each time, and another when it is traced anew.

    TensorFlow's own random operations are set back before each call, so that what is left is Python's doing;
    where tracing anew gives them other seeds, the draw may have been a seed, and nothing is said.
    """
    first = [_answer(traced.wrapper, element) for _ in range(REPEATS)]
    random_operations = _random_operations(_graph(traced.wrapper))
    if any(answer != first[0] for answer in first[1:]) and not random_operations:
        return False
    settled = _answer(traced.wrapper, element, reset=True)
    for _ in range(RETRACES):
        # Traced under the seed of the first time, random operations of TensorFlow's own are the same.
        tf.random.set_seed(_graph(traced.wrapper).seed or 0)
        other = make(traced)
        if _seeds(_graph(other)) != _seeds(_graph(traced.wrapper)):
            return False
        if _answer(other, element, reset=True) != settled:
            return True
    return False


def _answer(wrapper: Any, element: list[Any], reset: bool = False) -> str:
    """Return the digest of what the traced function answers."""
    if reset:
        tf.random.set_seed(1)
    digest = hashlib.sha256()
    for part in wrapper.function(*element):
        digest.update(np.asarray(part).tobytes() if part.dtype not in (tf.variant, tf.resource) else b"")
    return digest.hexdigest()


def _first(dataset: Any) -> list[Any] | None:
    """Return the first element of the data that a function is mapped over, as flat tensors."""
    if dataset is None:
        return None
    for element in dataset.take(1):
        flat = tf.nest.flatten(element)
        return flat if all(isinstance(part, tf.Tensor) for part in flat) else None
    return None


def _graph(wrapper: Any) -> Any:
    return getattr(getattr(wrapper, "function", None), "graph", None)


def _random_operations(graph: Any) -> list[Any]:
    return [] if graph is None else [each for each in graph.get_operations() if RANDOM in each.type]


def _seeds(graph: Any) -> list[Any]:
    """Return the seeds of every random operation, those that are constants of the graph included."""
    found: list[Any] = []
    for each in _random_operations(graph):
        found.append([each.type, *(each.get_attr(name) for name in ("seed", "seed2") if name in each.node_def.attr)])
        found += [tf.get_static_value(source).tolist() for source in _sources(each) if source.op.type == "Const"]
    return found


def _sources(operation: Any) -> list[Any]:
    """Return the inputs that say where a stateless random operation starts."""
    if operation.type == "StatelessRandomGetKeyCounter":
        return list(operation.inputs)[:1]
    stateless = operation.type.startswith("Stateless") and not operation.type.endswith("V2")
    return list(operation.inputs)[1:2] if stateless else []


def _constant_seeds(graph: Any) -> bool:
    """Tell whether a stateless random operation starts from the same seed for every row."""
    sources = [source for each in _random_operations(graph) for source in _sources(each)]
    return any(_constant(source.op) for source in sources)


def _constant(operation: Any) -> bool:
    """Tell whether an operation's answer hangs on nothing that comes from outside the graph."""
    waiting, seen = [operation], set()
    while waiting:
        here = waiting.pop()
        if here.name in seen:
            continue
        seen.add(here.name)
        if here.type == "Placeholder" or here.op_def.is_stateful:
            return False
        waiting += [source.op for source in here.inputs]
    return True


def _states(function: Any) -> dict[str, str]:
    """Return a digest of the state of every generator that a function can reach, by the name it goes by."""
    generators: dict[str, Any] = {"np.random": np.random.mtrand._rand, "random": random._inst}
    for name, value in _reachable(function):
        if isinstance(value, np.random.Generator | np.random.RandomState | random.Random):
            generators.setdefault(name, value)
    return {name: _state(generator) for name, generator in generators.items()}


def _state(generator: Any) -> str:
    if isinstance(generator, random.Random):
        return str(hash(generator.getstate()))
    if isinstance(generator, np.random.RandomState):
        name, words, *rest = generator.get_state(legacy=True)
        return f"{name} {rest} {hashlib.sha256(np.asarray(words).tobytes()).hexdigest()}"
    return repr(generator.bit_generator.state)


def _plain(function: Any) -> Any:
    while isinstance(function, functools.partial):
        function = function.func
    return getattr(function, "__func__", function)


def _reachable(function: Any) -> Iterator[tuple[str, Any]]:
    """Yield the values that a function sees from outside: globals, closed-over names, its object's attributes."""
    owner = getattr(function, "__self__", None)
    yield from getattr(owner, "__dict__", {}).items()
    inner = inspect.unwrap(_plain(function))
    code = getattr(inner, "__code__", None)
    if code is None:
        return
    for name, cell in zip(code.co_freevars, inner.__closure__ or (), strict=False):
        with contextlib.suppress(ValueError):
            yield name, cell.cell_contents
            if inspect.isfunction(cell.cell_contents) and cell.cell_contents is not inner:
                yield from list(cell.cell_contents.__globals__.items())
    yield from list(inner.__globals__.items())


def _place(function: Any) -> str:
    """Return ``file.py:18``, where a function is defined."""
    code = getattr(inspect.unwrap(_plain(function)), "__code__", None)
    return f"{Path(code.co_filename).name}:{code.co_firstlineno}" if code is not None else type(function).__name__
