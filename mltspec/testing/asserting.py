"""``assert_spec``: a spec as one assertion of a Python test."""

from __future__ import annotations

from pathlib import Path

from mltspec.plan.events import Judged
from mltspec.plan.verdict import Verdict


class SpecNotHeld(AssertionError):  # noqa: N818 - an assertion, as pytest shows it
    """An expectation does not hold, or could not be judged; ``judged`` are all that were, in order."""

    def __init__(self, text: str, judged: tuple[Judged, ...]) -> None:
        super().__init__(text)
        self.judged = judged


def assert_spec(
    path: str | Path,
    *,
    only: str | None = None,
    profile: str | None = None,
    seed: int | None = None,
    store: str | Path = ".mltspec",
    workers: int | None = None,
    model: object | None = None,
) -> tuple[Judged, ...]:
    """Judge the expectations of a spec, and fail with its report where one does not hold.

    Args:
        path: the ``.mlt`` file.
        only: judge only what has this text in its id or its line.
        profile: the profile of the spec to run under.
        seed: override the profile's seed.
        store: where evidence is kept between runs.
        workers: children at once; by default as many as there are cores.
        model: what is tested instead of what the spec's models are built by: a compiled Keras model, which is saved
            and loaded by the children; a function that returns one; ``"module:function"``; or the path of a ``.keras``
            file.

    Returns:
        What was judged, in order.

    Raises:
        SpecNotHeld: an expectation failed, could not be judged, or nothing was measured at all.
        mltspec.testing.judging.SpecError: the spec is wrong.
        TypeError: ``model`` is none of these, or a function that no other process could import.
    """
    from mltspec.testing.judging import compiled, holds, judged, text_of
    from mltspec.testing.modelling import origin_of

    origin = None if model is None else origin_of(model, Path(store))
    found = compiled(Path(path).absolute(), profile, seed, origin)
    chosen = [each for each in found.plan.expectations if only is None or only in each.id or only in each.text]
    told = tuple(judged(found, chosen, Path(store), workers)) if chosen else ()
    wrong = [each for each in told if not holds(each)]
    if wrong:
        raise SpecNotHeld("\n\n".join(map(text_of, wrong)), told)
    if all(each.judgement.verdict is Verdict.SKIPPED for each in told):
        raise SpecNotHeld(f"nothing of `{path}` was judged, and that is never a pass", told)
    return told
