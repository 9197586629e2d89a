"""Puts the fault of a job into the subject, and sees to it that it got there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mltspec.plan.plan import Injection
from mltspec.subjects import framework
from mltspec.subjects.bench import Bench
from mltspec.subjects.mutants import data, model, training
from mltspec.subjects.mutants.doors import Reached, not_injected

Mutator = Callable[[Injection, Bench, Reached], None]
"""Puts a fault in, once for the whole process; tells when it has got into something."""

MUTATORS: Mapping[str, Mutator] = {
    "learning-rate-zero": model.stop_learning,
    "layer-frozen": model.freeze_layer,
    "loss-sign-flipped": model.flip_loss,
    "weight-nan": model.break_weight,
    "labels-shuffled": data.shuffle_labels,
    "seed-not-set": model.forget_seed,
    "optimizer-state-lost": training.lose_optimizer_state,
    "rows-mixed": model.mix_rows,
    "wrong-version-exported": training.export_other_weights,
    "feature-skewed": data.skew_feature,
}
"""By the names of ``mltspec.evidence.faults``."""

_present: set[str] = set()
"""Faults that are in this process already, or were in the one that it was forked from."""


@contextmanager
def injected(injection: Injection, bench: Bench, mark: Path, must_reach: bool) -> Iterator[None]:
    """Put a fault into the subject for as long as this process lives; on leaving the block, ask whether it got in.

    Args:
        injection: the fault, and what it goes into.
        bench: where the user's code is found.
        mark: a file that stands for the fault having got in, also in processes that this one starts.
        must_reach: whether that is asked at all.

    Raises:
        Unfit: there is nothing that the fault could go into, or nothing of it was used.
    """
    if injection.fault not in _present:
        if injection.target:
            framework.prepare(0, bench.threads)  # importing the user's module may start the framework
        MUTATORS[injection.fault](injection, bench, mark.touch)
        _present.add(injection.fault)
    yield
    if must_reach and not mark.exists():
        where = f"`{injection.target}`" if injection.target else "what it goes into"
        raise not_injected(f"this measurement never uses {where}, or gives the fault nothing to change there")
