"""Why runs with the same seed differ: found by runs in which one source of difference is taken away.

Each contrast is a pair of short runs in processes of their own that share one thing which the compared runs did not. If
the pair agrees, that thing was the cause. Nothing is guessed from reading source.
"""

from __future__ import annotations

import math
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np

from mltspec.evidence.training import TrainingAsk, TrainingEvidence
from mltspec.subjects.bench import Bench

TARGET = "mltspec.subjects.contrasts:contrast_run"
LIMIT_S = 600.0
PLAIN, PLAIN_RUNS = "hash seed", 4
"""The contrast that takes nothing away, and how many of its runs must agree."""
FIXED = 20260101
"""What unseeded generators are seeded with in a contrast."""


def cause_of(ask: TrainingAsk, run: TrainingEvidence, parted_at_step: int | None, bench: Bench) -> str:
    """Return why two runs of an ask differ, as one sentence; empty if no contrast makes them agree.

    Args:
        ask: the run that was repeated.
        run: what it showed.
        parted_at_step: where its repetition went another way; None if only the end differs.
        bench: starts the processes.
    """
    epochs = None if parted_at_step is None else max(1, math.ceil(parted_at_step / max(1, run.steps_per_epoch)))
    for name, (_, sentence) in CONTRASTS.items():
        if _agree(name, ask, epochs, bench):
            return sentence
    return ""


def _agree(name: str, ask: TrainingAsk, epochs: int | None, bench: Bench) -> bool:
    """Whether runs under a contrast agree; the first that does not ends them.

    Where nothing is taken away, more of them must: runs that part only now and then agree by luck.
    """
    ends = (
        _run(name, ask, epochs, bench, bench.folder / f"{name}-{at}".replace(" ", "-"))
        for at in range(PLAIN_RUNS if name == PLAIN else 2)
    )
    first = next(ends)
    return first is not None and all(end == first for end in ends)


def _run(name: str, ask: TrainingAsk, epochs: int | None, bench: Bench, folder: Path) -> bytes | None:
    """Make one run of a pair; return the bytes of its losses and its end, None if it broke."""
    folder.mkdir(parents=True)
    payload = {"contrast": name, "ask": ask.model_dump(mode="json"), "epochs": epochs, "folder": str(folder)}
    with _same_hash_seed():
        ending = bench.isolate(TARGET, cast("dict[str, object]", payload), LIMIT_S)
    seen = folder / "seen"
    return seen.read_bytes() if ending.status == 0 and seen.exists() else None


@contextmanager
def _same_hash_seed() -> Iterator[None]:
    """A forked process has its parent's hash seed; a fresh interpreter is given one here."""
    before = os.environ.get("PYTHONHASHSEED")
    os.environ["PYTHONHASHSEED"] = "0"
    try:
        yield
    finally:
        del os.environ["PYTHONHASHSEED"]
        if before is not None:
            os.environ["PYTHONHASHSEED"] = before


def contrast_run(payload: dict[str, object], bench: Bench) -> None:
    """Train under a contrast, as far as asked, and leave the losses and the end in ``seen``."""
    from mltspec.subjects.state import save_state
    from mltspec.subjects.training import train, watched_rows
    from mltspec.subjects.watcher import Watcher

    folder = Path(cast(str, payload["folder"]))
    ask = TrainingAsk.model_validate(payload["ask"])
    take_away, _ = CONTRASTS[cast(str, payload["contrast"])]
    take_away()
    loaded, head = watched_rows(ask, bench)
    watcher = Watcher(rows=None, until=cast("int | None", payload["epochs"]))
    model = train(ask, loaded, head, watcher, folder / "work", bench)
    watcher.curve.save(folder / "curve.npz")
    with np.load(folder / "curve.npz") as curve:
        losses = np.asarray(curve["logged"]).tobytes()
    digest = "" if watcher.cut else save_state(model, folder / "state.npz", head[0])
    (folder / "part").write_bytes(losses + str(digest).encode())
    (folder / "part").replace(folder / "seen")


def _nothing() -> None:
    """Two processes with the same hash seed, and otherwise as they were."""


def _seed_numpy() -> None:
    """Give every NumPy generator that is made or seeded without a seed the same one."""
    default_rng, seed, legacy = np.random.default_rng, np.random.seed, np.random.RandomState

    class Seeded(legacy):  # type: ignore[misc, valid-type]
        def __init__(self, given: Any = None) -> None:
            super().__init__(FIXED if given is None else given)

    for name, value in (
        ("default_rng", lambda given=None: default_rng(FIXED if given is None else given)),
        ("seed", lambda given=None: seed(FIXED if given is None else given)),
        ("RandomState", Seeded),
    ):
        setattr(np.random, name, value)


def _seed_python() -> None:
    """Give every generator of Python's own, and the system's entropy, the same seed."""
    seed, entropy = random.seed, random.Random(FIXED)  # noqa: S311 - repeatable on purpose

    class Seeded(random.Random):
        def __init__(self, given: Any = None) -> None:
            super().__init__(FIXED if given is None else given)

    # Attributes of foreign modules are replaced by name: their types are not ours to satisfy.
    for module, name, value in (
        (random, "Random", Seeded),
        (random, "SystemRandom", Seeded),
        (random, "seed", lambda given=None, version=2: seed(FIXED if given is None else given, version)),
        (random, "_urandom", entropy.randbytes),
        (os, "urandom", entropy.randbytes),
    ):
        setattr(module, name, value)


def _seed_framework() -> None:
    """Give TensorFlow's generators from non-deterministic state a seed."""
    import tensorflow as tf

    generator: Any = tf.random.Generator
    generator.from_non_deterministic_state = classmethod(lambda cls, alg="philox": cls.from_seed(FIXED, alg))


def _stop_clock() -> None:
    """Let time begin at the same moment and pass by one microsecond a look."""
    moment = [1_767_225_600_000_000_000]

    def tick() -> int:
        moment[0] += 1000
        return moment[0]

    for name, value in (("time_ns", tick), ("time", lambda: tick() / 1e9), ("getpid", lambda: 4242)):
        setattr(os if name == "getpid" else time, name, value)


def _everything() -> None:
    for take_away in (_seed_numpy, _seed_python, _seed_framework, _stop_clock):
        take_away()


CONTRASTS: Mapping[str, tuple[Callable[[], None], str]] = {
    PLAIN: (
        _nothing,
        "the cause is hash order: processes with the same PYTHONHASHSEED agree, two with different ones do not; "
        "look for the order of a set, or of anything that was sorted by hash",
    ),
    "numpy": (
        _seed_numpy,
        "the cause is a NumPy generator without a seed: with unseeded `np.random` generators seeded, two runs agree",
    ),
    "python": (
        _seed_python,
        "the cause is Python's own randomness: with `random` and the system's entropy (uuid, secrets) seeded, two runs "
        "agree",
    ),
    "tensorflow": (
        _seed_framework,
        "the cause is a TensorFlow generator from non-deterministic state: with a seed in its place, two runs agree",
    ),
    "clock": (
        _stop_clock,
        "the cause is time or the process id: with the clock stopped at the same moment, two runs agree",
    ),
    "several": (
        _everything,
        "there are several causes: only with unseeded generators, the system's entropy and the clock all fixed do two "
        "runs agree",
    ),
}
"""What is taken away, in the order in which it is tried, and what an agreement proves."""
