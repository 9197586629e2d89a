"""The search: one stream of batches for several claims, then each broken claim shrunk on its own.

Who does what. Hypothesis draws every batch, as a recipe in a block of recipes (`recipe.blocks`): its
engine explores, and nothing is generated beside it. While it explores, a broken claim is noted and the
search goes on for the others, so that one forward pass serves all claims. Afterwards Hypothesis runs
again for each broken claim, from the same seed and therefore through the same blocks; verdicts already
known are looked up, not measured, so it reaches the failure at once and then shrinks it as any failing
test. What the recipe cannot express is reduced by `reduction`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, perf_counter

from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings

from mltspec.probes.batch import Batch, expand
from mltspec.probes.recipe import BLOCK, Space, blocks, read, recipes_in
from mltspec.probes.reduction import reduced
from mltspec.probes.schema import Schema
from mltspec.probes.trial import Claim, Outcome, Probed, Trial, attempt, number_text

SHRINK_LIMIT_S = 30.0
SHRINK_PROBES = 3000


@dataclass(frozen=True)
class Budget:
    """How long to search: ``examples`` batches from ``seed``; ``on_progress`` is told how many are done."""

    examples: int
    seed: int
    on_progress: Callable[[int], None] = lambda done: None


@dataclass(frozen=True)
class Finding:
    """How a search ended for one claim.

    ``broken_by`` is the shrunk batch and ``outcome`` what it showed; both None if the claim held.
    ``worst`` and ``worst_text`` describe the worst batch met while exploring. ``flaky``: a batch broke the
    claim once and did not when tried again; it is then shown as it was met. ``replayed`` counts the earlier
    counterexamples that were tried first; ``known``: one of them broke the claim again.
    """

    claim: Claim
    examples: int
    rows: int
    worst: float | None
    worst_text: str
    broken_by: Batch | None
    outcome: Outcome | None
    flaky: bool
    replayed: int = 0
    known: bool = False


@dataclass(frozen=True)
class Found:
    """The findings, claim by claim, and how fast batches were tried while exploring."""

    findings: tuple[Finding, ...]
    probes_per_second: float


class _Broken(Exception):  # noqa: N818 - it tells Hypothesis that a claim is broken
    """A batch of the block breaks the claim that is being shrunk."""


@dataclass
class _Course:
    """How far the exploration has come with one claim."""

    claim: Claim
    examples: int = 0
    rows: int = 0
    worst: Outcome | None = None
    breaking: bytes | None = None
    broken_again: Batch | None = None
    replayed: int = 0
    held: set[bytes] = field(default_factory=set)

    @property
    def is_open(self) -> bool:
        """Whether nothing has broken the claim so far."""
        return self.breaking is None and self.broken_again is None

    def replay(self, batches: Sequence[Batch], schema: Schema, model: Probed) -> None:
        """Try batches that broke the claim before, up to the first that does again."""
        for batch in batches:
            self.replayed += 1
            outcome = attempt(self.claim, Trial(model, schema, batch))
            self._count(batch.rows, outcome)
            if outcome.broken:
                self.broken_again = batch
                return

    def note(self, written: bytes, rows: int, outcome: Outcome) -> None:
        """Enter one batch."""
        self._count(rows, outcome)
        if outcome.broken:
            self.breaking = written
        else:
            self.held.add(written)

    def _count(self, rows: int, outcome: Outcome) -> None:
        self.examples += 1
        self.rows += rows
        if self.worst is None or outcome.badness > self.worst.badness or outcome.broken:
            self.worst = outcome


def search(
    schema: Schema,
    space: Space,
    claims: Sequence[Claim],
    model: Probed,
    budget: Budget,
    known: Sequence[Sequence[Batch]] | None = None,
) -> Found:
    """Search for batches that break claims.

    Args:
        schema: where rows and edges come from.
        space: what batches are tried.
        claims: all are tried on every batch, each until it is broken.
        model: the model to probe.
        budget: how many batches, and the seed; the same seed gives the same batches and findings.
        known: for each claim, batches that broke it before: they are tried first.

    Returns:
        One finding a claim, in order. A batch on which the model raises breaks the claim.
    """
    courses = [_Course(claim) for claim in claims]
    for course, batches in zip(courses, known or [()] * len(courses), strict=True):
        course.replay(batches, schema, model)
    per_second = _explore(schema, space, courses, model, budget)
    return Found(tuple(_finding(course, schema, space, model, budget) for course in courses), per_second)


def warm_up() -> None:
    """Let Hypothesis do what it does once a process (it reads the constants of loaded modules)."""
    _run(lambda block: None, Budget(1, 0), [Phase.generate])


def _explore(schema: Schema, space: Space, courses: Sequence[_Course], model: Probed, budget: Budget) -> float:
    """Try all claims on one stream of batches; return how many batches a second were tried."""
    tried = 0
    started = ended = perf_counter()

    def explore(block: bytes) -> None:
        nonlocal tried, ended
        if tried >= budget.examples or not any(course.is_open for course in courses):
            return
        for written in recipes_in(block):
            open_courses = [course for course in courses if course.is_open]
            if not open_courses or tried >= budget.examples:
                break
            tried += 1
            batch = expand(schema, read(written, space))
            trial = Trial(model, schema, batch)
            for course in open_courses:
                course.note(written, batch.rows, attempt(course.claim, trial))
        budget.on_progress(tried)
        ended = perf_counter()

    if budget.examples and any(course.is_open for course in courses):
        _run(explore, budget, [Phase.generate])
    return tried / (ended - started) if tried else 0.0


def _run(test: Callable[[bytes], None], budget: Budget, phases: Sequence[Phase]) -> None:
    """Let Hypothesis run a test on blocks; equal budgets give equal blocks until the test first fails."""
    configured = settings(
        max_examples=-(-budget.examples // BLOCK) + 2,  # its first block holds a single batch
        phases=phases, database=None, deadline=None, derandomize=False, verbosity=Verbosity.quiet,
        report_multiple_bugs=False, suppress_health_check=list(HealthCheck),
    )  # fmt: skip

    def on_block(block: bytes) -> None:
        test(block)

    seed(budget.seed)(configured(given(blocks())(on_block)))()


def _finding(course: _Course, schema: Schema, space: Space, model: Probed, budget: Budget) -> Finding:
    claim, worst = course.claim, course.worst
    broken_by: Batch | None = None
    outcome: Outcome | None = None
    flaky = False
    if not course.is_open and worst is not None:
        broken_by, outcome = course.broken_again, worst
        if course.breaking is not None:
            broken_by = expand(schema, read(course.breaking, space))
        assert broken_by is not None
        again = attempt(claim, Trial(model, schema, broken_by))
        flaky = not again.broken
        if not flaky:
            broken_by, outcome = _smallest(course, broken_by, schema, space, model, budget)
            flaky = not outcome.broken
    value = worst.value if worst is not None else None
    text = "" if value is None or not claim.says else f"{claim.says} {number_text(value)}"
    return Finding(
        claim, course.examples, course.rows, value, text, broken_by, outcome, flaky,
        replayed=course.replayed, known=course.broken_again is not None,
    )  # fmt: skip


def _smallest(
    course: _Course, broken_by: Batch, schema: Schema, space: Space, model: Probed, budget: Budget
) -> tuple[Batch, Outcome]:
    """Return the smallest batch that breaks a claim, and what it shows."""
    until = monotonic() + SHRINK_LIMIT_S
    left = SHRINK_PROBES

    def breaks(batch: Batch) -> bool:
        nonlocal left
        left -= 1
        return left >= 0 and monotonic() < until and attempt(course.claim, Trial(model, schema, batch)).broken

    if course.breaking is not None:
        shrunk = _shrunk_recipe(course, schema, space, breaks, budget)
        broken_by = expand(schema, read(shrunk, space))
        left, until = max(left, SHRINK_PROBES // 4), monotonic() + SHRINK_LIMIT_S / 4
    batch = reduced(broken_by, schema, breaks, space.least_rows)
    return batch, attempt(course.claim, Trial(model, schema, batch))


def _shrunk_recipe(
    course: _Course, schema: Schema, space: Space, breaks: Callable[[Batch], bool], budget: Budget
) -> bytes:
    """Let Hypothesis shrink the block whose recipe broke a claim; return the plainest recipe that still does."""
    assert course.breaking is not None
    verdicts = dict.fromkeys(course.held, False) | {course.breaking: True}
    smallest = course.breaking

    def fails_if_broken(block: bytes) -> None:
        nonlocal smallest
        for written in recipes_in(block):
            if written not in verdicts:
                verdicts[written] = breaks(expand(schema, read(written, space)))
            if verdicts[written]:
                smallest = written
                raise _Broken

    with suppress(_Broken):  # Hypothesis tries the smallest block last: its recipe is the one kept
        _run(fails_if_broken, budget, [Phase.generate, Phase.shrink])
    return smallest
